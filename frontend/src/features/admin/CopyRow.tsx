import { ActionIcon, CopyButton, Text, Tooltip } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { Fragment } from "react";
import { useTranslation } from "react-i18next";
import classes from "./Organization.module.css";

/** An address that has to be taken somewhere else. */
export function CopyRow({ label, help, value }: { label: string; help: string; value: string }) {
  const { t } = useTranslation("admin");
  return (
    <div className={classes.row}>
      <div className={classes.words}>
        <Text size="sm" fw={500}>
          {label}
        </Text>
        <Text size="xs" c="dimmed">
          {help}
        </Text>
      </div>
      <div className={classes.copied}>
        <code className={classes.address}>
          {piecesOf(value).map((piece, index) => (
            <Fragment key={index}>
              {index > 0 && <wbr />}
              {piece}
            </Fragment>
          ))}
        </code>
        <CopyButton value={value}>
          {({ copied, copy }) => (
            <Tooltip label={t(copied ? "organization.copied" : "organization.copy")}>
              <ActionIcon aria-label={t("organization.copyOf", { what: label })} onClick={copy}>
                {copied ? <IconCheck size={16} /> : <IconCopy size={16} stroke={1.6} />}
              </ActionIcon>
            </Tooltip>
          )}
        </CopyButton>
      </div>
    </div>
  );
}

/** Where a long address is best broken: after the parts of its path. */
const piecesOf = (address: string) => address.split(/(?<=[^:/]\/)/);
