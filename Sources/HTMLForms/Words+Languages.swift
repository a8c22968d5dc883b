import WatchCore

/// What buttons say, in the languages that login pages come in: not every server follows `Accept-Language`.
extension Words {
    static let approve: Set<String> = [
        "allow", "approve", "authorize", "authorise", "authorized", "continue", "yes", "accept", "grant", "agree",
        "consent", "confirm", "ok", "proceed",
        // German, Dutch
        "zulassen", "erlauben", "zustimmen", "akzeptieren", "weiter", "ja", "genehmigen", "bestätigen", "gestatten",
        "autorisieren", "fortfahren", "toestaan", "akkoord", "doorgaan", "goedkeuren", "accepteren", "bevestigen",
        // French, Spanish, Portuguese, Italian
        "autoriser", "accepter", "continuer", "oui", "approuver", "confirmer", "valider", "permitir", "autorizar",
        "aceptar", "continuar", "sí", "confirmar", "conceder", "aceitar", "sim", "consenti", "autorizza", "accetta",
        "continua", "conferma", "sì",
        // Swedish, Danish, Norwegian, Finnish
        "godkänn", "tillåt", "fortsätt", "acceptera", "tillad", "godkend", "fortsæt", "fortsett", "godta", "tillat",
        "salli", "hyväksy", "jatka", "kyllä",
        // Polish, Czech, Russian, Turkish
        "zezwól", "zezwalaj", "autoryzuj", "akceptuj", "akceptuję", "kontynuuj", "tak", "zatwierdź", "potwierdź",
        "povolit", "souhlasím", "pokračovat", "ano", "schválit", "přijmout", "разрешить", "подтвердить", "продолжить",
        "принять", "да", "onayla", "kabul", "devam", "evet",
        // Stems, see below
        "許可", "承認", "同意", "続行", "允许", "允許", "授权", "授權", "确认", "確認", "继续", "繼續", "허용", "승인", "동의", "계속",
    ]
    static let deny: Set<String> = [
        "deny", "cancel", "no", "not", "dont", "reject", "decline", "disallow", "refuse", "disagree", "back", "abort",
        "ablehnen", "abbrechen", "verweigern", "nein", "nicht", "zurück", "weigeren", "annuleren", "nee", "niet",
        "refuser", "annuler", "non", "denegar", "rechazar", "cancelar", "negar", "recusar", "não", "nega", "annulla",
        "rifiuta", "neka", "avbryt", "nej", "afvis", "annuller", "nei", "avslå", "estä", "peruuta", "ei", "odmów",
        "anuluj", "odrzuć", "nie", "zamítnout", "zrušit", "odmítnout", "ne", "nesouhlasím", "отклонить", "отказать",
        "отмена", "отменить", "запретить", "нет", "не", "reddet", "iptal", "hayır", "vazgeç",
        "許可しない", "同意しない", "承認しない", "拒否", "キャンセル", "戻る", "不允许", "不允許", "不同意", "拒绝", "拒絕", "取消", "거부", "취소",
        "동의하지", "허용하지",
    ]
    static let login: Set<String> = [
        "login", "signin", "next", "submit", "logon", "enter", "anmelden", "einloggen", "absenden", "inloggen",
        "aanmelden", "volgende", "connexion", "connecter", "sidentifier", "suivant", "acceder", "entrar", "iniciar",
        "ingresar", "siguiente", "acessar", "accedi", "entra", "avanti", "loggain", "nästa", "logind", "næste",
        "logginn", "neste", "kirjaudu", "zaloguj", "dalej", "přihlásit", "další", "войти", "вход", "далее", "giriş",
        "ログイン", "サインイン", "次へ", "登录", "登入", "下一步", "로그인", "다음",
    ]

    /// Of languages that put no space between words: what is looked for inside a word.
    private static let stems = approve.union(deny).union(login).union(away).filter {
        ($0.unicodeScalars.first?.value ?? 0) >= 0x3040
    }

    /// The stems that a word holds.
    static func stems(in word: String) -> [String] {
        guard (word.unicodeScalars.first { $0.value >= 0x3040 }) != nil else { return [] }
        return stems.filter { word.holds($0) }
    }
}
