import { createFileRoute } from "@tanstack/react-router";
import { readSuppressionsSearch } from "@/features/admin/suppressions/search";
import { SuppressionsPage } from "@/features/admin/suppressions/SuppressionsPage";

export const Route = createFileRoute("/_app/admin/suppressions")({
  validateSearch: readSuppressionsSearch,
  component: function Suppressions() {
    return <SuppressionsPage search={Route.useSearch()} />;
  },
});
