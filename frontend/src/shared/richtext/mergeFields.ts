import { Extension } from "@tiptap/react";
import { Plugin } from "@tiptap/pm/state";
import { Decoration, DecorationSet } from "@tiptap/pm/view";

const TAG = /\{\{.*?\}\}|\{%.*?%\}/g;

/** Sets merge fields apart from the text around them; they stay plain text. */
export const HighlightMergeFields = Extension.create({
  name: "highlightMergeFields",
  addProseMirrorPlugins() {
    return [
      new Plugin({
        props: {
          decorations({ doc }) {
            const found: Decoration[] = [];
            doc.descendants((node, position) => {
              for (const match of node.text?.matchAll(TAG) ?? []) {
                const from = position + match.index;
                found.push(Decoration.inline(from, from + match[0].length, { class: "merge-field" }));
              }
            });
            return DecorationSet.create(doc, found);
          },
        },
      }),
    ];
  },
});
