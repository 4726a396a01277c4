import { Button, Drawer } from "@mantine/core";
import { useDisclosure, useMediaQuery } from "@mantine/hooks";
import { IconEye, IconFlag, IconMailPlus, IconPlus, IconUserPlus } from "@tabler/icons-react";
import { Fragment, useState } from "react";
import { useTranslation } from "react-i18next";
import type { SalesflowDetail } from "@/api/types";
import { undoable } from "@/shared/feedback";
import { EmptyState } from "@/shared/states";
import { DelayLine } from "./DelayLine";
import { copyOf, newStep, type DraftStep, type StepsDraft } from "./draft";
import { PreviewPanel } from "./PreviewPanel";
import { StepCard } from "./StepCard";
import classes from "./Steps.module.css";

interface Props {
  salesflow: SalesflowDetail;
  draft: StepsDraft;
  faults: Record<string, string>;
  onEdit: (prefix: string) => void;
}

/** The steps from top to bottom with the waits between them; the open one is previewed beside. */
export function StepsTab({ salesflow, draft, faults, onEdit }: Props) {
  const { t } = useTranslation("salesflows");
  const { steps } = draft;
  const [openKey, setOpenKey] = useState<string | null>(steps[0]?.key ?? null);
  const [variantKey, setVariantKey] = useState<string | null>(null);
  const [dragged, setDragged] = useState<number | null>(null);
  const [preview, { open: showPreview, close: hidePreview }] = useDisclosure();
  const wide = useMediaQuery("(min-width: 75em)", true, { getInitialValueInEffect: false });
  // Saving gives new steps their ids: the one at the same place stays open.
  const [openAt, setOpenAt] = useState(0);
  const position = steps.findIndex(({ key }) => key === openKey);
  const at = openKey === null ? -1 : position >= 0 ? position : Math.min(openAt, steps.length - 1);
  const current = steps[at];
  const variant = current?.variants.find(({ key }) => key === variantKey) ?? current?.variants[0];

  const open = (step: DraftStep | undefined) => {
    setOpenKey(step?.key ?? null);
    setOpenAt(step ? steps.findIndex(({ key }) => key === step.key) : 0);
    setVariantKey(null);
  };
  const add = (step: DraftStep, place: number) => {
    draft.insert(step, place);
    setOpenKey(step.key);
    setOpenAt(place);
    setVariantKey(null);
  };
  const remove = (step: DraftStep, place: number) => {
    draft.remove(step.key);
    onEdit("steps.");
    undoable(t("steps.removed", { position: place + 1 }), () => draft.insert(step, place));
  };
  const move = (from: number, to: number) => {
    draft.move(from, to);
    onEdit("steps.");
    if (at === from) setOpenAt(to);
  };
  const addLast = () => add(newStep(steps.length === 0), steps.length);
  const panel = current && variant && (
    <PreviewPanel
      salesflowId={salesflow.id}
      step={current}
      position={at}
      variant={variant}
      firstSubject={subjectOf(steps[0])}
    />
  );

  if (steps.length === 0) {
    return (
      <EmptyState icon={IconMailPlus} title={t("steps.empty")} why={t("steps.emptyWhy")}>
        <Button leftSection={<IconPlus size={16} />} onClick={addLast}>
          {t("steps.add")}
        </Button>
      </EmptyState>
    );
  }
  return (
    <div className={classes.layout}>
      <div className={classes.flow}>
        <div className={classes.terminal}>
          <IconUserPlus size={15} stroke={1.7} />
          {t("steps.start")}
        </div>
        {steps.map((step, n) => (
          <Fragment key={step.key}>
            <DelayLine delay={step.delay} onChange={(delay) => draft.change(step.key, { delay })} />
            <StepCard
              step={step}
              position={n}
              count={steps.length}
              opened={n === at}
              threadSubject={subjectOf(steps[0])}
              variantKey={n === at ? (variant?.key ?? null) : null}
              faults={faults}
              dragged={dragged === n}
              onVariant={setVariantKey}
              onOpen={() => open(n === at ? undefined : step)}
              onChange={(changes) => draft.change(step.key, changes)}
              onEdit={onEdit}
              onMove={(to) => move(n, to)}
              onDuplicate={() => add(copyOf(step), n + 1)}
              onRemove={() => remove(step, n)}
              onDrag={setDragged}
              onDropHere={() => dragged !== null && dragged !== n && move(dragged, n)}
            />
          </Fragment>
        ))}
        <div className={classes.stub} />
        <Button variant="default" leftSection={<IconPlus size={16} />} onClick={addLast}>
          {t("steps.add")}
        </Button>
        <div className={classes.stub} />
        <div className={classes.terminal}>
          <IconFlag size={15} stroke={1.7} />
          {t("steps.end")}
        </div>
      </div>
      {wide ? (
        <aside className={classes.aside} aria-label={t("preview.title")}>
          {panel ?? <p className={classes.hint}>{t("preview.empty")}</p>}
        </aside>
      ) : (
        <>
          {panel && (
            <Button
              className={classes.previewButton}
              variant="default"
              leftSection={<IconEye size={16} />}
              onClick={showPreview}
            >
              {t("preview.open")}
            </Button>
          )}
          <Drawer opened={preview} onClose={hidePreview} title={t("preview.title")} size={520}>
            {panel}
          </Drawer>
        </>
      )}
    </div>
  );
}

const subjectOf = (step: DraftStep | undefined) => step?.variants[0]?.subject ?? "";
