import HTMLForms
import Testing
import WatchCore

/// Login, consent and identity pages of public frameworks, made again by hand, and what a person would send.
@Suite struct LoginTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let html: String
        let expected: String

        init(_ description: String, _ html: String, _ expected: String) {
            (testDescription, self.html, self.expected) = (description, html, expected)
        }
    }

    @Test(arguments: frameworks + consents)
    func sendsWhatAPersonWouldSend(_ page: Case) throws {
        #expect(try TestPage.line(TestPage.action(page.html)) == page.expected)
    }

    static let frameworks: [Case] = [
        Case(
            "Django",
            """
            <form action="/admin/login/?next=/o/authorize/%3Fa%3D1%26b%3D2" method="post" id="login-form">
            <input type="hidden" name="csrfmiddlewaretoken" value="k3Jx9">
            <label for="id_username">Username:</label>
            <input type="text" name="username" autofocus autocapitalize="none" autocomplete="username" maxlength="150" required id="id_username">
            <input type="password" name="password" autocomplete="current-password" required id="id_password">
            <input type="hidden" name="next" value="/o/authorize/?a=1&amp;b=2">
            <input type="submit" value="Log in"></form>
            """,
            "POST https://as.example/admin/login/?next=/o/authorize/%3Fa%3D1%26b%3D2 csrfmiddlewaretoken=k3Jx9"
                + "&username=alice&password=s3cret&next=%2Fo%2Fauthorize%2F%3Fa%3D1%26b%3D2"),
        Case(
            "Flask-Login with WTForms, action empty",
            """
            <form action="" method="POST"><input id="csrf_token" name="csrf_token" type="hidden" value="Ij.x">
            <input id="email" name="email" required type="text" value=""><input id="pw" name="password" type="password" value="">
            <input id="remember" name="remember" type="checkbox" value="y"> <input id="submit" name="submit" type="submit" value="Sign In"></form>
            """,
            "POST https://as.example/login?next=1 csrf_token=Ij.x&email=alice&password=s3cret&submit=Sign+In"),
        Case(
            "Rails with Devise: the unchecked box has a hidden twin",
            """
            <form class="new_user" id="new_user" action="/users/sign_in" accept-charset="UTF-8" method="post">
            <input name="utf8" type="hidden" value="&#x2713;" /><input type="hidden" name="authenticity_token" value="a+/b==" autocomplete="off" />
            <input autofocus="autofocus" autocomplete="email" type="email" value="" name="user[email]" id="user_email" />
            <input autocomplete="current-password" type="password" name="user[password]" id="user_password" />
            <input name="user[remember_me]" type="hidden" value="0" /><input type="checkbox" value="1" name="user[remember_me]" />
            <input type="submit" name="commit" value="Log in" data-disable-with="Log in" /></form>
            """,
            "POST https://as.example/users/sign_in utf8=%E2%9C%93&authenticity_token=a%2B%2Fb%3D%3D&user%5Bemail%5D=alice"
                + "&user%5Bpassword%5D=s3cret&user%5Bremember_me%5D=0&commit=Log+in"),
        Case(
            "Spring Security's own page",
            """
            <form class="login-form" method="post" action="/login"><h2>Please sign in</h2>
            <input type="text" id="username" name="username" placeholder="Username" required autofocus>
            <input type="password" id="password" name="password" placeholder="Password" required>
            <input name="_csrf" type="hidden" value="UUID-1" /><button type="submit" class="primary">Sign in</button></form>
            """, "POST https://as.example/login username=alice&password=s3cret&_csrf=UUID-1"),
        Case(
            "Spring Security of old",
            "<form method=post action=/j_spring_security_check><input name=j_username>"
                + "<input type=password name=j_password><input name=submit type=submit value=Login></form>",
            "POST https://as.example/j_spring_security_check j_username=alice&j_password=s3cret&submit=Login"),
        Case(
            "Laravel with Breeze",
            """
            <form method="POST" action="https://as.example/login"><input type="hidden" name="_token" value="QkH" autocomplete="off">
            <input id="email" type="email" name="email" required="required" autofocus="autofocus" autocomplete="username">
            <input id="password" type="password" name="password" required="required" autocomplete="current-password">
            <input id="remember_me" type="checkbox" name="remember"><a href="https://as.example/forgot-password">Forgot?</a>
            <button type="submit">Log in</button></form>
            """, "POST https://as.example/login _token=QkH&email=alice&password=s3cret"),
        Case(
            "Keycloak",
            """
            <form id="kc-form-login" onsubmit="login.disabled = true; return true;" method="post"
             action="https://as.example/realms/r/login-actions/authenticate?session_code=s&amp;execution=e&amp;tab_id=t">
            <input id="username" name="username" value="" type="text" autocomplete="username" autofocus />
            <input id="password" name="password" type="password" autocomplete="current-password" />
            <button type="button" aria-label="Show password">o</button>
            <input id="rememberMe" name="rememberMe" type="checkbox"> Remember me
            <input type="hidden" id="id-hidden-input" name="credentialId" />
            <input name="login" id="kc-login" type="submit" value="Sign In"/></form>
            """,
            "POST https://as.example/realms/r/login-actions/authenticate?session_code=s&execution=e&tab_id=t "
                + "username=alice&password=s3cret&credentialId=&login=Sign+In"),
        Case(
            "Auth0-like: user name first, other providers beside it",
            """
            <form method="POST"><input type="hidden" name="state" value="hKFo2"><input type="text" name="username" id="username"
            inputmode="email" autocomplete="email" required><input type="hidden" name="js-available" value="true">
            <button type="submit" name="action" value="default">Continue</button></form>
            <form method="post" data-provider="google"><input type="hidden" name="state" value="hKFo2">
            <input type="hidden" name="connection" value="google-oauth2"><button type="submit">Continue with Google</button></form>
            """,
            "POST https://as.example/login?next=1 state=hKFo2&username=alice&js-available=true&action=default"),
        Case(
            "canaille-like: several buttons",
            """
            <form method="POST" id="LoginForm" action="/login" enctype="multipart/form-data" role="form">
            <input type="hidden" name="csrf_token" value="c"><input name="login" type="text" placeholder="jane" required>
            <a href="/forgotten">Forgotten password</a><button type="submit" name="answer" value="sign-in">Continue</button></form>
            """,
            "POST https://as.example/login --oauthwatch-0\r\nContent-Disposition: form-data; name=\"csrf_token\"\r\n\r\n"
                + "c\r\n--oauthwatch-0\r\nContent-Disposition: form-data; name=\"login\"\r\n\r\nalice\r\n--oauthwatch-0\r\n"
                + "Content-Disposition: form-data; name=\"answer\"\r\n\r\nsign-in\r\n--oauthwatch-0--\r\n"),
        Case(
            "login beside sign-up, search and a newsletter",
            """
            <form action=/search><input name=q><button>Go</button></form>
            <form action=/register method=post><input name=username><input type=password name=p1><input type=password name=p2><button>Join</button></form>
            <form action=/signin method=post><input name=user><input type=password name=pass><button>Sign in</button></form>
            <form action=/newsletter method=post><input type=email name=email><button>Subscribe</button></form>
            """, "POST https://as.example/signin user=alice&pass=s3cret"),
        Case(
            "a text field of any name before the password",
            "<form method=post><input name=kennung><input type=password name=kennwort><button>Anmelden</button></form>",
            "POST https://as.example/login?next=1 kennung=alice&kennwort=s3cret"),
        Case(
            "a button that only shows the password",
            """
            <form method=post action=/in><input name=login><input type=password name=pw><button type=button name=show>Show</button>
            <button name=cancel value=1>Cancel</button><button name=go value=1>Log in</button></form>
            """, "POST https://as.example/in login=alice&pw=s3cret&go=1"),
        Case(
            "the password on a second page, user name shown again",
            "<form method=post action=/pw><input name=username value=alice readonly><input type=password name=password>"
                + "<button name=action value=default>Continue</button></form>",
            "POST https://as.example/pw username=alice&password=s3cret&action=default"),
        Case(
            "login by GET", "<form action=/login?old=1><input name=user><input type=password name=pass></form>",
            "GET https://as.example/login?user=alice&pass=s3cret"),
        Case(
            "a form that is only in noscript",
            "<script>app()</script><noscript><form method=post action=/n><input name=user><input type=password name=p></form></noscript>",
            "POST https://as.example/n user=alice&p=s3cret"),
    ]

    static let consents: [Case] = [
        Case(
            "django-oauth-toolkit: cancel comes first",
            """
            <form id="authorizationForm" method="post"><h3>Authorize App?</h3><input type="hidden" name="csrfmiddlewaretoken" value="t">
            <input type="hidden" name="redirect_uri" value="http://localhost:3000/callback" id="id_redirect_uri">
            <input type="hidden" name="nonce" id="id_nonce"><input type="submit" class="btn" value="Cancel"/>
            <input type="submit" class="btn" name="allow" value="Authorize"/></form>
            """,
            "POST https://as.example/login?next=1 csrfmiddlewaretoken=t&redirect_uri=http%3A%2F%2Flocalhost%3A3000%2Fcallback"
                + "&nonce=&allow=Authorize"),
        Case(
            "Spring Authorization Server",
            """
            <form name="consent_form" method="post" action="/oauth2/authorize"><input type="hidden" name="client_id" value="c">
            <input type="hidden" name="state" value="s"><input type="checkbox" name="scope" value="read" checked>
            <input type="checkbox" name="scope" value="write"><button type="submit" id="submit-consent">Submit Consent</button>
            <button type="reset" id="cancel-consent">Cancel</button></form>
            """, "POST https://as.example/oauth2/authorize client_id=c&state=s&scope=read"),
        Case(
            "Laravel Passport: approve and deny are two forms with a method field",
            """
            <form method="post" action="/oauth/authorize"><input type="hidden" name="_token" value="x"><button class="btn-approve">Authorize</button></form>
            <form method="post" action="/oauth/authorize"><input type="hidden" name="_method" value="DELETE"><button>Cancel</button></form>
            """, "POST https://as.example/oauth/authorize _token=x"),
        Case(
            "Doorkeeper: deny has the same button name",
            """
            <form action="/oauth/authorize" method="post"><input type="submit" name="commit" value="Authorize"></form>
            <form action="/oauth/authorize" method="post"><input type="hidden" name="_method" value="delete"><input type="submit" value="Deny"></form>
            """, "POST https://as.example/oauth/authorize commit=Authorize"),
        Case(
            "Keycloak's grant page",
            """
            <form action="/consent?client_id=c" method="POST"><input type="hidden" name="code" value="k">
            <input name="accept" id="kc-login" type="submit" value="Yes"/><input name="cancel" id="kc-cancel" type="submit" value="No"/></form>
            """, "POST https://as.example/consent?client_id=c code=k&accept=Yes"),
        Case(
            "canaille's consent, buttons of one name",
            """
            <form method="post"><button name="answer" value="logout">Switch user</button>
            <button name="answer" value="deny">Deny</button><button name="answer" value="accept">Accept</button></form>
            """, "POST https://as.example/login?next=1 answer=accept"),
        Case(
            "oidc-provider-mock: the identity is a button",
            """
            <ul><li><form method="post"><button class="authorize-button" type="submit" name="sub" aria-label="Authorize as bob"
             value="bob" title="bob"><span>bob</span></button></form></li>
            <li><form method="post"><button type="submit" name="sub" aria-label="Authorize as alice" value="alice" title="alice">
            <span>alice</span></button></form></li></ul>
            <form method="post"><fieldset role="group"><input id="subject-input" type="text" name="sub" required autofocus />
            <button type="submit">Authorize</button></fieldset></form>
            <form method="post"><button type="submit" name="action" value="deny" class="secondary">Deny access</button></form>
            """, "POST https://as.example/login?next=1 sub=alice"),
        Case(
            "oidc-provider-mock: the identity is written",
            """
            <form method="post"><fieldset role="group"><input id="subject-input" type="text" name="sub" required autofocus />
            <button type="submit">Authorize</button></fieldset></form>
            <form method="post"><button type="submit" name="action" value="deny">Deny access</button></form>
            """, "POST https://as.example/login?next=1 sub=alice"),
        Case(
            "form_post to the redirect URI, sent by a script",
            """
            <body onload="document.forms[0].submit()"><form method="post" action="http://localhost:3000/callback">
            <input type="hidden" name="code" value="abc"><input type="hidden" name="state" value="s"></form>
            """, "POST http://localhost:3000/callback code=abc&state=s"),
        Case(
            "form_post whose button is in noscript",
            """
            <form method="post" action="http://localhost:3000/callback"><input type="hidden" name="code" value="abc">
            <noscript><button name="x" value="1">Go on</button></noscript></form><script>document.forms[0].submit();</script>
            """, "POST http://localhost:3000/callback code=abc"),
        Case(
            "two lists name the same identity",
            "<form method=post><button name=u value=alice>a</button></form>"
                + "<form method=post><button name=u value=alice>b</button></form>",
            "POST https://as.example/login?next=1 u=alice"),
    ]
}
