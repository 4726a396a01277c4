import { createFileRoute } from "@tanstack/react-router";
import { SalesflowPage } from "@/features/salesflows/SalesflowPage";
import { readSalesflowSearch } from "@/features/salesflows/search";

export const Route = createFileRoute("/_app/content/salesflows/$salesflowId")({
  validateSearch: readSalesflowSearch,
  component: function Salesflow() {
    const { salesflowId } = Route.useParams();
    return <SalesflowPage key={salesflowId} salesflowId={salesflowId} search={Route.useSearch()} />;
  },
});
