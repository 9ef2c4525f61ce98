// The frame: customers on one side, what was chosen of them on the other.

import { CustomerForm } from "./customer/CustomerForm";
import { CustomerList } from "./customer/CustomerList";
import { CustomerView } from "./customer/CustomerView";
import { ProfileView } from "./profile/ProfileView";
import { href, useRoute, type Route } from "./route";

export function App() {
  const route = useRoute();
  return (
    <main className="frame" data-page={route.page}>
      <div className="side">
        <CustomerList chosen={route.page === "customer" ? route.id : undefined} />
      </div>
      <div className="detail">
        {route.page !== "home" && (
          <a className="back" href={href.home}>
            ← All customers
          </a>
        )}
        <Page route={route} />
      </div>
    </main>
  );
}

function Page({ route }: { route: Route }) {
  switch (route.page) {
    case "home":
      return <p className="empty">Choose a customer to see its profiles.</p>;
    case "new":
      return <CustomerForm />;
    case "customer":
      return <CustomerView key={route.id} id={route.id} />;
    case "profile":
      return <ProfileView key={route.id} id={route.id} />;
  }
}
