import { createFileRoute } from "@tanstack/react-router";
import { ImportPage } from "@/features/imports/ImportPage";

export const Route = createFileRoute("/_app/contacts/imports/$importId")({
  component: function Import() {
    const { importId } = Route.useParams();
    return <ImportPage key={importId} importId={importId} />;
  },
});
