import "@mantine/tiptap/styles.layer.css";
import { Link, RichTextEditor } from "@mantine/tiptap";
import { Placeholder } from "@tiptap/extensions";
import { useEditor } from "@tiptap/react";
import StarterKit from "@tiptap/starter-kit";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { HighlightMergeFields } from "./mergeFields";
import { MergeFieldMenu } from "./MergeFieldMenu";
import classes from "./RichText.module.css";
import { toSource } from "./source";

interface Props {
  value: string;
  onChange: (html: string) => void;
  labelledBy: string;
  placeholder: string;
  invalid: boolean;
  /** Whether fields of a contact can be put in. */
  mergeFields?: boolean;
}

/** The text of an email: bold, italic, underline, lists, links, merge fields. */
export default function RichText({ value, onChange, labelledBy, placeholder, invalid, mergeFields = true }: Props) {
  const { t } = useTranslation("salesflows");
  const latest = useRef(onChange);
  const known = useRef(value);
  useEffect(() => {
    latest.current = onChange;
  });
  const editor = useEditor({
    extensions: [
      StarterKit.configure({ link: false, heading: false, codeBlock: false, code: false, horizontalRule: false }),
      Link.configure({ openOnClick: false, HTMLAttributes: { target: null, rel: null } }),
      Placeholder.configure({ placeholder }),
      ...(mergeFields ? [HighlightMergeFields] : []),
    ],
    content: value,
    editorProps: { attributes: { "aria-labelledby": labelledBy, "aria-multiline": "true", role: "textbox" } },
    onUpdate: ({ editor: current }) => {
      known.current = toSource(current.getHTML());
      latest.current(known.current);
    },
  });
  // The text was replaced from outside: discarded, or cleaned by the server.
  useEffect(() => {
    if (!editor || value === known.current) return;
    known.current = value;
    editor.commands.setContent(value, { emitUpdate: false });
  }, [editor, value]);

  return (
    <RichTextEditor
      editor={editor}
      className={classes.editor}
      data-invalid={invalid || undefined}
      variant="subtle"
      labels={{
        boldControlLabel: t("editor.bold"),
        italicControlLabel: t("editor.italic"),
        underlineControlLabel: t("editor.underline"),
        bulletListControlLabel: t("editor.bulletList"),
        orderedListControlLabel: t("editor.orderedList"),
        clearFormattingControlLabel: t("editor.clearFormatting"),
        linkControlLabel: t("editor.link"),
        linkEditorInputLabel: t("editor.linkAddress"),
        linkEditorInputPlaceholder: t("editor.linkExample"),
        linkEditorExternalLink: t("editor.linkNewTab"),
        linkEditorInternalLink: t("editor.linkSameTab"),
        linkEditorSave: t("editor.linkSave"),
      }}
    >
      <RichTextEditor.Toolbar className={classes.toolbar} aria-label={t("editor.toolbar")}>
        <RichTextEditor.ControlsGroup>
          <RichTextEditor.Bold />
          <RichTextEditor.Italic />
          <RichTextEditor.Underline />
          <RichTextEditor.BulletList />
          <RichTextEditor.OrderedList />
          <RichTextEditor.Link />
          <RichTextEditor.ClearFormatting />
        </RichTextEditor.ControlsGroup>
        {mergeFields && (
          <MergeFieldMenu
            labelled
            onInsert={(text) => editor?.chain().focus().insertContent({ type: "text", text }).run()}
          />
        )}
      </RichTextEditor.Toolbar>
      <RichTextEditor.Content />
    </RichTextEditor>
  );
}
