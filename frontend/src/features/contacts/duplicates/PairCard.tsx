import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Contact, DuplicatePair } from "@/api/types";
import { AnchorLink } from "@/shared/links";
import { Blank, Mark } from "@/shared/marks";
import { When } from "@/shared/When";
import classes from "./Duplicates.module.css";
import { differing, told } from "./merging";
import { useMergeFacts } from "./useMergeFacts";

interface Props {
  pair: DuplicatePair;
  busy: boolean;
  onMerge: () => void;
  onDismiss: () => void;
}

/** Two contacts side by side, with why they may be one. */
export function PairCard({ pair: { first, second, reasons }, busy, onMerge, onDismiss }: Props) {
  const { t } = useTranslation("people");
  const { t: contacts } = useTranslation("contacts");
  const { t: common } = useTranslation();
  const facts = useMergeFacts();
  const rows = told(facts, first, second);
  const differ = new Set(differing(facts, first, second).map(({ key }) => key));
  const named = t("duplicates.pair", { first: first.name, second: second.name });
  return (
    <li className={classes.pair} aria-label={named}>
      <div className={classes.head}>
        {reasons.map((reason) => (
          <Mark key={reason} tone="caution">
            {t(`duplicates.reason.${reason}`)}
          </Mark>
        ))}
        <span className={classes.spring} />
        <Button variant="default" size="xs" loading={busy} onClick={onDismiss}>
          {t("duplicates.different")}
        </Button>
        <Button size="xs" onClick={onMerge}>
          {t("duplicates.merge")}
        </Button>
      </div>
      <table className={classes.sides} aria-label={named}>
        <thead>
          <tr>
            <td />
            <Head contact={first} />
            <Head contact={second} />
          </tr>
        </thead>
        <tbody>
          {rows.map(({ key, label, valueOf }) => (
            <tr key={key} data-differs={differ.has(key) || undefined}>
              <th scope="row">{label}</th>
              {[first, second].map((contact) => (
                <td key={contact.id}>{valueOf(contact) ?? <Blank label={common("blank")} />}</td>
              ))}
            </tr>
          ))}
          <tr>
            <th scope="row">{contacts("field.lastActivity")}</th>
            {[first, second].map((contact) => (
              <td key={contact.id}>
                <When at={contact.last_activity_at} />
              </td>
            ))}
          </tr>
        </tbody>
      </table>
    </li>
  );
}

function Head({ contact }: { contact: Contact }) {
  return (
    <th scope="col">
      <AnchorLink to="/contacts/$contactId" params={{ contactId: contact.id }} size="sm">
        {contact.name}
      </AnchorLink>
    </th>
  );
}
