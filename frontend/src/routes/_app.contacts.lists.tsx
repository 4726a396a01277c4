import { createFileRoute } from "@tanstack/react-router";
import { readListsSearch } from "@/features/contacts/lists/search";
import { ListsPage } from "@/features/contacts/lists/ListsPage";

export const Route = createFileRoute("/_app/contacts/lists")({
  validateSearch: readListsSearch,
  component: function Lists() {
    return <ListsPage search={Route.useSearch()} />;
  },
});
