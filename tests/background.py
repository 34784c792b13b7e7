"""What a browser does by itself with a service worker, asked for at once: Chromium's own protocol."""

from playwright.sync_api import Page

from tests.waiting import wait_until


def sync(page: Page, tag: str = "send") -> None:
    """Let the browser wake the service worker, as it does once there is a line, also for pages that are closed."""
    device = page.context.new_cdp_session(page)
    found: list[dict] = []
    device.on("ServiceWorker.workerRegistrationUpdated", lambda event: found.extend(event["registrations"]))
    device.send("ServiceWorker.enable")

    def registered() -> list[dict]:
        page.evaluate("0")  # lets the protocol's events in
        return [one for one in found if not one["isDeleted"]]

    (one, *_others) = wait_until(registered, what="a service worker is registered")
    where = {"origin": one["scopeURL"].rsplit("/assessments/")[0], "registrationId": one["registrationId"]}
    device.send("ServiceWorker.dispatchSyncEvent", where | {"tag": tag, "lastChance": False})
    device.detach()
