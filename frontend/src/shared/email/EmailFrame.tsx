import { useMemo, useState } from "react";

/**
 * The HTML of an email, kept apart from the app: no scripts, no way out of its frame. Pictures from elsewhere and
 * links stay inert, so that looking at one's own email never counts as an open or a click.
 */
export function inert(html: string): string {
  const page = new DOMParser().parseFromString(html, "text/html");
  page.querySelectorAll("script, iframe, object, embed, form, meta, base, link").forEach((node) => node.remove());
  page.querySelectorAll("img").forEach((image) => {
    if (!/^(data|blob):/.test(image.getAttribute("src") ?? "")) image.remove();
  });
  page.querySelectorAll("a[href]").forEach((anchor) => {
    anchor.setAttribute("title", anchor.getAttribute("href") ?? "");
    anchor.removeAttribute("href");
    anchor.setAttribute("style", "color:#3b5bdb;text-decoration:underline;cursor:default");
  });
  return page.body.innerHTML;
}

const STYLE =
  "body{margin:0;padding:16px;font:14px/1.55 Arial,Helvetica,sans-serif;color:#1d2027;background:#fff;overflow-wrap:anywhere}" +
  "p{margin:0 0 1em}img{max-width:100%}";

interface Props {
  html: string;
  title: string;
  minHeight?: number;
}

/** Emails are read on white, as their recipients do, in both colour schemes. */
export function EmailFrame({ html, title, minHeight = 120 }: Props) {
  const [height, setHeight] = useState(minHeight);
  const document = useMemo(
    () =>
      `<!doctype html><html lang="en"><head><title>email</title><style>${STYLE}</style></head><body>${inert(html)}</body></html>`,
    [html],
  );
  return (
    <iframe
      title={title}
      // Same origin only to measure its height; without scripts nothing inside can use it.
      sandbox="allow-same-origin"
      srcDoc={document}
      style={{ width: "100%", height, border: 0, borderRadius: 6, background: "white", colorScheme: "light" }}
      onLoad={(event) => {
        const body = event.currentTarget.contentDocument?.documentElement;
        if (body) setHeight(Math.max(minHeight, body.scrollHeight));
      }}
    />
  );
}
