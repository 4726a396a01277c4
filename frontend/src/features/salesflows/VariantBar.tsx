import { ActionIcon, Button, NumberInput, Tooltip } from "@mantine/core";
import { IconPlus, IconX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useFormat } from "@/shared/format";
import { type DraftStep, newVariant } from "./draft";
import classes from "./Steps.module.css";

export const letterOf = (position: number) => String.fromCharCode(65 + position);
const MOST = 5;

interface Props {
  step: DraftStep;
  chosen: string;
  onChoose: (key: string) => void;
  onChange: (changes: Partial<DraftStep>) => void;
}

/** A/B variants with their shares; one alone needs no mention. */
export function VariantBar({ step, chosen, onChoose, onChange }: Props) {
  const { t } = useTranslation("salesflows");
  const { percent } = useFormat();
  const { variants } = step;
  const whole = variants.reduce((sum, { weight }) => sum + weight, 0);
  const at = variants.findIndex(({ key }) => key === chosen);
  const current = variants[at];
  const add = () => {
    const source = current ?? variants[0];
    const made = {
      ...newVariant(source?.weight ?? 100),
      subject: source?.subject ?? "",
      body_html: source?.body_html ?? "",
    };
    onChange({ variants: [...variants, made] });
    onChoose(made.key);
  };
  const remove = () => {
    onChange({ variants: variants.filter(({ key }) => key !== chosen) });
    onChoose(variants[at === 0 ? 1 : at - 1]?.key ?? "");
  };
  const weigh = (weight: number) =>
    onChange({ variants: variants.map((each) => (each.key === chosen ? { ...each, weight } : each)) });
  return (
    <div className={classes.variants}>
      {variants.length > 1 && (
        <>
          <div role="tablist" aria-label={t("variant.list")} className={classes.variants}>
            {variants.map((variant, n) => (
              <button
                key={variant.key}
                type="button"
                role="tab"
                aria-selected={variant.key === chosen}
                className={classes.variant}
                onClick={() => onChoose(variant.key)}
              >
                {t("variant.tab", { letter: letterOf(n), share: percent(variant.weight, whole) })}
              </button>
            ))}
          </div>
          <Tooltip label={t("variant.weight")}>
            <NumberInput
              size="xs"
              w={72}
              aria-label={t("variant.weight")}
              min={1}
              max={100}
              allowDecimal={false}
              clampBehavior="strict"
              value={current?.weight ?? 100}
              onChange={(weight) => weigh(Number(weight) || 1)}
            />
          </Tooltip>
          <ActionIcon size="sm" aria-label={t("variant.remove", { letter: letterOf(at) })} onClick={remove}>
            <IconX size={14} />
          </ActionIcon>
        </>
      )}
      {variants.length < MOST && (
        <Button size="compact-sm" variant="subtle" color="gray" leftSection={<IconPlus size={14} />} onClick={add}>
          {t("variant.add")}
        </Button>
      )}
    </div>
  );
}
