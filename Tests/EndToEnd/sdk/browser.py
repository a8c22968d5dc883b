"""A person before a browser, scripted: what the application of an MCP client opens for its user.

It shares nothing with oauthwatch's forms. The fields are those that Chromium 156 sends when it opens a page, submits a form
and follows a redirect (RFC 9110, Fetch, Referrer Policy), seen on a recording server; JavaScript does not run.
"""

import gzip
import html.parser
import http.client
import http.cookiejar
import urllib.parse
import urllib.request

AGENT = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36"
OPENED = {
    "Upgrade-Insecure-Requests": "1", "User-Agent": AGENT,
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8",
    "Accept-Encoding": "gzip, deflate", "Accept-Language": "en-US,en;q=0.9",
    "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document",
}
REDIRECTS = (301, 302, 303, 307, 308)


class Stuck(Exception):
    """The person does not get on; the text says where."""


class Browser:
    """One window with its cookies, until it arrives at the redirect URI, where nothing is fetched."""

    def __init__(self, redirect, user, password, seconds):
        self.redirect, self.user, self.password, self.seconds = redirect, user, password, seconds
        self.cookies = http.cookiejar.CookieJar()
        self.sent_password = False

    def open(self, url):
        """The parameters at the redirect URI."""
        self.sent_password = False
        url, page, document = self.fetch(url)
        for _ in range(10):
            if page is None:
                return dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(url).query, keep_blank_values=True))
            form, button = self.choose(page)
            method, action, body = form.submission(url, page.base, button)
            url, page, document = self.fetch(action, method, body, source=(url, document))
        raise Stuck("ten forms and no end")

    def choose(self, page):
        """The form that a person fills in who wants to sign in and to allow, and the button that is pressed."""
        if "recaptcha" in page.text:
            raise Stuck("a CAPTCHA")
        for form in page.forms:
            if len(form.passwords) == 1 and form.passwords[0].get("autocomplete") != "new-password":
                if self.sent_password:
                    raise Stuck("the password is asked again")
                self.sent_password = True
                form.fill(self.user, self.password)
                return form, form.first_button
        for form in page.forms:
            for button in form.buttons:
                if button.get("value") in ("allow", self.user):
                    return form, button
        for form in page.forms:
            if any(control.get("autocomplete") == "username" for control in form.controls):
                form.fill(self.user, None)
                return form, form.first_button
        for form in page.forms:
            if form.method == "post" and not any(control["type"] != "hidden" for control in form.controls):
                return form, form.first_button
        raise Stuck(f"no form to go on with: {' '.join(page.text.split())[:60]}")

    def fetch(self, url, method="GET", body=None, source=None):
        """Where it ends, its page (None at the redirect URI) and the answer's fields, after all redirects."""
        site = "none" if source is None else "same-origin" if origin(source[0]) == origin(url) else "cross-site"
        for _ in range(20):
            if url.startswith(self.redirect):
                return url, None, None
            answer, text = self.ask(url, method, body, site, source)
            target = answer.headers.get("Location")
            if answer.status not in REDIRECTS or not target:
                return url, Page(text), answer.headers
            if answer.status == 303 or (answer.status in (301, 302) and method == "POST"):
                method, body = "GET", None
            if source and answer.headers.get("Referrer-Policy"):
                source = (source[0], answer.headers)
            target = urllib.parse.urljoin(url, target)
            site = site if origin(target) == origin(url) else "cross-site"
            url = target
        raise Stuck("twenty redirects and no end")

    def ask(self, url, method, body, site, source):
        parts = urllib.parse.urlsplit(url)
        fields = OPENED | {"Sec-Fetch-Site": site} | ({"Sec-Fetch-User": "?1"} if source is None else {})
        if source:
            fields |= {"Cache-Control": "max-age=0"} | self.referrer(source, url, method)
        if body is not None:
            fields["Content-Type"] = "application/x-www-form-urlencoded"
        request = urllib.request.Request(url, headers=fields)
        self.cookies.add_cookie_header(request)
        fields |= {"Cookie": request.get_header("Cookie")} if request.get_header("Cookie") else {}
        connection = http.client.HTTPConnection(parts.hostname, parts.port or 80, timeout=self.seconds)
        try:
            target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            connection.request(method, target, body, fields)
            answer = connection.getresponse()
            text = answer.read()
        finally:
            connection.close()
        self.cookies.extract_cookies(answer, request)
        if answer.headers.get("Content-Encoding") == "gzip":
            text = gzip.decompress(text)
        return answer, text

    @staticmethod
    def referrer(source, url, method):
        """Referer and Origin, as the page's Referrer-Policy has it."""
        page, document = source
        policy = document.get("Referrer-Policy", "") if document else ""
        fields = {}
        if policy != "no-referrer":
            fields["Referer"] = page if origin(page) == origin(url) else f"{origin(page)}/"
        if method == "POST":
            fields["Origin"] = "null" if policy == "no-referrer" else origin(page)
        return fields


def origin(url):
    parts = urllib.parse.urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


class Form:
    """One form: what it would send, in the order of the page."""

    def __init__(self, attributes):
        self.method, self.action = attributes.get("method", "get").lower(), attributes.get("action")
        self.controls, self.buttons = [], []

    @property
    def passwords(self):
        return [control for control in self.controls if control["type"] == "password"]

    @property
    def first_button(self):
        return self.buttons[0] if self.buttons else {}

    def fill(self, user, password):
        for control in self.controls:
            if control["type"] in ("text", "email"):
                control["value"] = user
            elif control["type"] == "password":
                control["value"] = password

    def submission(self, page, base, button):
        """Method, URL and body."""
        fields = [(c["name"], c.get("value", "")) for c in self.controls if c.get("name") and c.get("on", True)]
        if button.get("name"):
            fields.append((button["name"], button.get("value", "")))
        action = button.get("formaction") or self.action or page
        target = urllib.parse.urldefrag(urllib.parse.urljoin(urllib.parse.urljoin(page, base or ""), action))[0]
        if action is page:
            target = page
        encoded = urllib.parse.urlencode(fields)
        if self.method == "post":
            return "POST", target, encoded
        return "GET", f"{target.partition('?')[0]}?{encoded}", None


class Page(html.parser.HTMLParser):
    """The forms of a page, however badly it is written."""

    def __init__(self, data):
        super().__init__()
        self.forms, self.base, self.select, self.button = [], None, None, None
        encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8"
        self.text = data.decode(encoding, "replace")
        self.feed(self.text)

    def handle_starttag(self, tag, attrs):
        attributes = {name: value if value is not None else "" for name, value in attrs}
        if tag == "base" and self.base is None:
            self.base = attributes.get("href")
        if tag == "form":
            self.forms.append(Form(attributes))
        if not self.forms:
            return
        form = self.forms[-1]
        if tag == "input":
            self.add_input(form, attributes)
        elif tag == "button" and attributes.get("type", "submit").lower() == "submit":
            form.buttons.append(attributes)
        elif tag == "select":
            self.select = {"type": "select", "name": attributes.get("name"), "value": None}
            form.controls.append(self.select)
        elif tag == "option" and self.select and (self.select["value"] is None or "selected" in attributes):
            self.select["value"] = attributes.get("value", "")

    @staticmethod
    def add_input(form, attributes):
        kind = attributes.get("type", "text").lower()
        if kind == "submit":
            form.buttons.append(attributes)
        elif kind in ("checkbox", "radio"):
            form.controls.append({"value": "on"} | attributes | {"type": kind, "on": "checked" in attributes})
        else:
            form.controls.append({"value": ""} | attributes | {"type": kind})
