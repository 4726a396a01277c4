import { Menu } from "@mantine/core";
import {
  IconEraser,
  IconFileCode,
  IconFileText,
  IconMail,
  IconMailOff,
  IconPhone,
  IconPhoneOff,
  IconUsers,
} from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { personalDataUrl } from "@/api/people";
import type { ContactDetail } from "@/api/types";
import { useMe } from "@/shared/session";
import { usePrivacy } from "./usePrivacy";

interface Props {
  contact: ContactDetail;
  onMergeWith: () => void;
  onErase: () => void;
}

const SIZE = 15;

/** What a person may wish for, and one record a person: the items of a contact's menu. */
export function PrivacyMenu({ contact, onMergeWith, onErase }: Props) {
  const { t } = useTranslation("people");
  const isAdministrator = useMe()?.role === "administrator";
  const { optOut, optIn, setDoNotCall } = usePrivacy(contact);
  return (
    <>
      <Menu.Item leftSection={<IconUsers size={SIZE} />} onClick={onMergeWith}>
        {t("merge.with")}
      </Menu.Item>
      <Menu.Divider />
      {!contact.opted_out && (
        <Menu.Item leftSection={<IconMailOff size={SIZE} />} onClick={() => void optOut()}>
          {t("privacy.optOut")}
        </Menu.Item>
      )}
      {contact.opted_out && isAdministrator && (
        <Menu.Item leftSection={<IconMail size={SIZE} />} onClick={() => void optIn()}>
          {t("privacy.optIn")}
        </Menu.Item>
      )}
      {!contact.do_not_call && (
        <Menu.Item leftSection={<IconPhoneOff size={SIZE} />} onClick={() => setDoNotCall(true)}>
          {t("privacy.doNotCall")}
        </Menu.Item>
      )}
      {contact.do_not_call && isAdministrator && (
        <Menu.Item leftSection={<IconPhone size={SIZE} />} onClick={() => setDoNotCall(false)}>
          {t("privacy.call")}
        </Menu.Item>
      )}
      {isAdministrator && (
        <>
          <Menu.Divider />
          <Menu.Item
            component="a"
            href={personalDataUrl(contact.id, "html")}
            download
            leftSection={<IconFileText size={SIZE} />}
          >
            {t("privacy.exportHtml")}
          </Menu.Item>
          <Menu.Item
            component="a"
            href={personalDataUrl(contact.id, "json")}
            download
            leftSection={<IconFileCode size={SIZE} />}
          >
            {t("privacy.exportJson")}
          </Menu.Item>
          <Menu.Item c="var(--danger)" leftSection={<IconEraser size={SIZE} />} onClick={onErase}>
            {t("privacy.erase")}
          </Menu.Item>
        </>
      )}
      <Menu.Divider />
    </>
  );
}
