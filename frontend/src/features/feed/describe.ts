import { useTranslation } from "react-i18next";
import type { FeedItem } from "@/api/types";
import { reasonInWords } from "@/shared/reasons";

interface Description {
  sentence: string;
  /** Below the sentence, quiet: which email, or what follows from it. */
  about: string | null;
  /** What the contact wrote. */
  excerpt: string | null;
}

const text = (value: unknown) => (typeof value === "string" && value ? value : null);

/** A notification in words. */
export function useDescription(item: FeedItem): Description {
  const { t } = useTranslation("feed");
  const { kind, count, detail } = item;
  const name = item.contact?.name ?? text(detail.name) ?? t("somebody");
  const address = text(detail.url)?.replace(/^https?:\/\//, "");
  const values = { name, count, link: text(detail.link_text) ?? address ?? "", account: text(detail.account) ?? "" };
  const single = kind === "contact_unsubscribed" || kind === "connection_lost" || kind === "user_joined";
  const sentence = single || count < 2 ? t(`kind.${kind}`, values) : t(`kind.${kind}_many`, values);
  return { sentence, about: aboutOf(), excerpt: kind === "email_replied" ? text(detail.text) : null };

  function aboutOf(): string | null {
    const subject = item.email?.subject ?? null;
    switch (kind) {
      case "contact_unsubscribed":
        return t("about.contact_unsubscribed");
      case "connection_lost":
        return [text(detail.reason) && `${reasonInWords(String(detail.reason))}.`, t("about.connection_lost")]
          .filter(Boolean)
          .join(" ");
      case "user_joined":
        return text(detail.email);
      case "email_failed":
        return [subject, detail.bounce === "hard" ? t("about.bounce_hard") : t("about.bounce_soft")]
          .filter(Boolean)
          .join(" · ");
      default:
        return subject;
    }
  }
}
