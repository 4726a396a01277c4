import { createFileRoute } from "@tanstack/react-router";
import { readWizardSearch } from "@/features/imports/search";
import { WizardPage } from "@/features/imports/WizardPage";

export const Route = createFileRoute("/_app/contacts/imports/new")({
  validateSearch: readWizardSearch,
  component: function NewImport() {
    return <WizardPage search={Route.useSearch()} />;
  },
});
