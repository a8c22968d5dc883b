import HTMLForms
import Testing
import WatchCore

/// Pages that lead a careless reader astray: decoys, traps for robots, other languages, steps between login and code.
@Suite struct AdversarialLoginTests {
    private static let password = "<input type=password name=p>"

    static let pages: [(page: String, expected: String)] = [
        // A password field for password managers, which no form sends.
        (
            "<form method=post action=/u><input name=username autocomplete=username><input type=password class=hide tabindex=-1 aria-hidden=true><button name=action value=default>Continue</button></form>",
            "POST https://as.example/u username=alice&action=default"
        ),
        // The same with a name.
        (
            "<form method=post action=/u><input name=username><input type=password name=decoy tabindex=-1 aria-hidden=true><button>Next</button></form>",
            "POST https://as.example/u username=alice&decoy="
        ),
        // A trap for robots.
        (
            "<form method=post action=/u><input name=email style='display: none' tabindex=-1><input name=login>\(password)<button>Log in</button></form>",
            "POST https://as.example/u email=&login=alice&p=s3cret"
        ),
        // Two pages, the name shown again.
        (
            "<form method=post action=/u><input name=username value=alice readonly>\(password)<button>Sign in</button></form>",
            "POST https://as.example/u username=alice&p=s3cret"
        ),
        // "Stay signed in?"
        (
            "<form method=post action=/kmsi><input type=hidden name=ctx value=1><input type=submit name=no value=No><input type=submit name=yes value=Yes></form>",
            "POST https://as.example/kmsi ctx=1&yes=Yes"
        ),
        // Approval and denial in forms of their own, told apart by a hidden field and the words.
        (
            "<form method=post><input type=hidden name=approval value=approve><button>Grant Access</button></form><form method=post><input type=hidden name=approval value=rejected><button>Cancel</button></form>",
            "POST https://as.example/login?next=1 approval=approve"
        ),
        // Nothing granted unless it is ticked, and a box without which it cannot be sent.
        (
            "<form method=post action=/c><input type=checkbox name=scope value=read><input type=checkbox name=scope value=write><input type=checkbox name=tos value=1 required><input type=checkbox name=newsletter value=1><button name=a value=ok>Authorize</button></form>",
            "POST https://as.example/c scope=read&scope=write&tos=1&a=ok"
        ),
        // What is ticked already is what was asked for.
        (
            "<form method=post action=/c><input type=checkbox name=scope value=read checked><input type=checkbox name=scope value=admin><button>Allow</button></form>",
            "POST https://as.example/c scope=read"
        ),
        (
            "<form method=post action=/c><button name=d value=0>Ablehnen</button><button name=d value=1>Zulassen</button></form>",
            "POST https://as.example/c d=1"
        ),
        (
            "<form method=post action=/c><button name=d value=0>Refuser</button><button name=d value=1>Autoriser</button></form>",
            "POST https://as.example/c d=1"
        ),
        (
            "<form method=post action=/u><input name=benutzer>\(password)<button type=button>Zeigen</button><button name=go value=1>Anmelden</button></form>",
            "POST https://as.example/u benutzer=alice&p=s3cret&go=1"
        ),
        // A password that is called a passcode.
        (
            "<form method=post action=/u><input name=identifier><input type=password name=credentials.passcode><button>Verify</button></form>",
            "POST https://as.example/u identifier=alice&credentials.passcode=s3cret"
        ),
        (
            "<form method=post action=/u><input name=passcode inputmode=numeric><button>Verify</button></form>",
            "needs browser: second factor"
        ),
        // Forms that only their scripts can send.
        (
            "<script src=/a.js></script><form><input id=user><input type=password id=pass><button>Log in</button></form>",
            "needs browser: login form that only a script sends"
        ),
        (
            "<script src=/a.js></script><form><input name=user>\(password)<button>Log in</button></form>",
            "needs browser: login form that only a script sends"
        ),
        (
            "<form><input name=user>\(password)<button formmethod=post formaction=/u>Log in</button></form><script></script>",
            "POST https://as.example/u user=alice&p=s3cret"
        ),
        // A page that only offers ways to log in.
        (
            "<a href='/auth/google?s=1'>Log in with Google</a><a href='/auth/local?s=1'>Log in with Email</a>",
            "follow https://as.example/auth/local?s=1"
        ),
        (
            "<a href='/auth/local'>Email</a><a href='/auth/ldap'>LDAP</a>", "nothing: a page without any form"
        ),
        ("<a href='/password/reset'>Forgot?</a>", "nothing: a page without any form"),
        ("<a href='https://evil.example/auth/local'>Log in</a>", "nothing: a page without any form"),
        // Scripts that only go somewhere.
        ("<script>setTimeout(() => { window.location.href = '/z' }, 0)</script>", "follow https://as.example/z"),
        (
            "<script>document.addEventListener('DOMContentLoaded', function() { location.replace('/z'); });</script>",
            "follow https://as.example/z"
        ),
        ("<script>var to = '/z'; window.location = to;</script>", "follow https://as.example/z"),
        ("<script>var to = '/z' + x; window.location = to;</script>", "needs browser: script-only page"),
        (
            "<script>x()</script><noscript><meta http-equiv=refresh content='0;url=/z'></noscript>",
            "follow https://as.example/z"
        ),
        // A firewall's check for humans.
        (
            "<title>Just a moment...</title><script src='/cdn-cgi/challenge-platform/h/b/orchestrate/chl_page/v1'></script>",
            "needs browser: CAPTCHA (Cloudflare)"
        ),
        // The password again, before something dangerous that is not asked of us.
        (
            "<form method=post action=/account/delete><input name=user>\(password)<button>Delete</button></form><form method=post action=/login><input name=user>\(password)<button>Log in</button></form>",
            "POST https://as.example/login user=alice&p=s3cret"
        ),
    ]

    @Test(arguments: pages.indices)
    func isNotLedAstray(_ index: Int) throws {
        let row = Self.pages[index]
        #expect(try TestPage.line(TestPage.action(row.page)) == row.expected, "\(row.page)")
    }
}
