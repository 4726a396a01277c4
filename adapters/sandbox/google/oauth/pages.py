"""The HTML of the consent page and of its refusals. Self-contained; nothing is fetched."""

from collections.abc import Sequence
from html import escape

from adapters.sandbox.google import scopes

_STYLE = """
:root { color-scheme: light dark; --ground: #f3f4f7; --card: #fff; --ink: #1c2130; --soft: #5c6579; --line: #d9dde6;
  --accent: #2454d6; --on-accent: #fff }
@media (prefers-color-scheme: dark) { :root { --ground: #12151c; --card: #1b202b; --ink: #e8ebf2; --soft: #9aa4b8;
  --line: #323a4a; --accent: #8aa8ff; --on-accent: #10162a } }
* { box-sizing: border-box }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1rem; background: var(--ground);
  color: var(--ink); font: 16px/1.5 system-ui, sans-serif }
main { width: min(30rem, 100%); background: var(--card); border: 1px solid var(--line);
  border-radius: 14px; padding: 2rem }
h1 { font-size: 1.35rem; line-height: 1.25; margin: .2rem 0 1rem } 
.kicker, small { color: var(--soft); font-size: .85rem }
label { display: block } input[type=email] { width: 100%; font: inherit; color: inherit; background: var(--ground);
  border: 1px solid var(--line); border-radius: 8px; padding: .55rem .7rem; margin: .3rem 0 1.2rem }
fieldset { border: 0; border-top: 1px solid var(--line); margin: 0 0 1.2rem; padding: 1rem 0 0 }
legend { padding: 0 .5rem 0 0 }
fieldset label { display: flex; gap: .6rem; padding: .3rem 0 } code { overflow-wrap: anywhere }
.buttons { display: flex; gap: .6rem; flex-direction: row-reverse }
button { font: inherit; padding: .55rem 1.2rem; border-radius: 8px; border: 1px solid var(--line); background: none;
  color: inherit; cursor: pointer } button[value=allow] { background: var(--accent); color: var(--on-accent);
  border-color: transparent }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px }
"""


def consent(client_id: str, asked: Sequence[str], login_hint: str, accounts: Sequence[str]) -> str:
    """A form that posts `account`, `decision` and, one by one, the `scopes` left ticked to its own address."""
    suggestions = "".join(f'<option value="{escape(account)}">' for account in accounts)
    return _page(
        "Sign in",
        f"""<p class="kicker">Google, as the sandbox plays it</p>
<h1>{escape(client_id)} wants access to your account</h1>
<form method="post">
<input type="hidden" name="granular" value="1">
<label for="account">Account</label>
<input id="account" type="email" name="account" required autocomplete="off" list="accounts" value="{escape(login_hint)}"
 placeholder="rep@demo.example"><datalist id="accounts">{suggestions}</datalist>
<fieldset><legend>This will allow it to</legend>{_permissions(asked)}</fieldset>
<div class="buttons"><button name="decision" value="allow">Allow</button>
<button name="decision" value="deny">Deny</button></div>
</form>""",
    )


def refusal(code: str, said: str) -> str:
    return _page(
        "Access blocked",
        f"""<p class="kicker">Google, as the sandbox plays it</p><h1>Access blocked: this request is invalid</h1>
<p>{escape(said)}</p><p><small>Error: <code>{escape(code)}</code></small></p>""",
    )


def _permissions(asked: Sequence[str]) -> str:
    """One box for each scope; those of signing in share one that cannot be unticked."""
    boxes = [
        f'<label><input type="checkbox" name="scopes" value="{escape(scope)}" checked>'
        f"<span>{escape(scopes.said(scope))}</span></label>"
        for scope in asked
        if not scopes.is_sign_in(scope)
    ]
    if any(scopes.is_sign_in(scope) for scope in asked):
        who = "<span>Know your name and email address <small>part of signing in</small></span>"
        boxes.insert(0, f'<label><input type="checkbox" checked disabled>{who}</label>')
    return "".join(boxes)


def _page(title: str, content: str) -> str:
    return (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{_STYLE}</style></head>'
        f"<body><main>{content}</main></body></html>"
    )
