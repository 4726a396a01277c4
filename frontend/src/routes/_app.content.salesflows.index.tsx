import { createFileRoute } from "@tanstack/react-router";
import { SalesflowsPage } from "@/features/salesflows/SalesflowsPage";
import { readSalesflowsSearch } from "@/features/salesflows/search";

export const Route = createFileRoute("/_app/content/salesflows/")({
  validateSearch: readSalesflowsSearch,
  component: function Salesflows() {
    return <SalesflowsPage search={Route.useSearch()} />;
  },
});
