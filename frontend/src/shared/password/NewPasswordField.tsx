import { PasswordInput, Text } from "@mantine/core";
import type { GetInputPropsReturnType } from "@mantine/form";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import classes from "./NewPasswordField.module.css";
import { SHORTEST, strengthOf } from "./strength";

interface Props {
  label: string;
  props: GetInputPropsReturnType;
  ownWords?: string[];
  focus?: boolean;
}

/** A password to be chosen; how good it is stands below in words. */
export function NewPasswordField({ label, props, ownWords = [], focus = false }: Props) {
  const { t } = useTranslation("auth");
  const hint = useId();
  const strength = strengthOf(String(props.value ?? ""), ownWords);
  const said = !strength
    ? t("newPassword.rule", { count: SHORTEST })
    : strength.word === "short"
      ? t("newPassword.short", { count: strength.missing })
      : t(`newPassword.${strength.word}`);
  return (
    <div>
      <PasswordInput
        label={label}
        autoComplete="new-password"
        maxLength={256}
        aria-describedby={hint}
        data-autofocus={focus || undefined}
        // The page asks for nothing else.
        // eslint-disable-next-line jsx-a11y/no-autofocus
        autoFocus={focus}
        visibilityToggleButtonProps={{ "aria-label": t("showPassword"), tabIndex: 0 }}
        {...props}
      />
      <div className={classes.hint} data-strength={strength?.word} hidden={Boolean(props.error)}>
        {strength && (
          <span className={classes.meter} aria-hidden>
            <span />
            <span />
            <span />
          </span>
        )}
        <Text span inherit id={hint} aria-live="polite">
          {said}
        </Text>
      </div>
    </div>
  );
}
