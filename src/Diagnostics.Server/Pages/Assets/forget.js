// A form was carried out: what the device kept of it is no longer needed.
for (const done of document.querySelectorAll("[data-forget]")) try { localStorage.removeItem(done.dataset.forget); } catch { /* Nothing was kept. */ }
