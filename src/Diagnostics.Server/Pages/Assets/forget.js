// A form was carried out: what the browser kept of it is no longer needed.
for (const { dataset: { forget } } of document.querySelectorAll("[data-forget]")) for (const store of ["localStorage", "sessionStorage"]) try { window[store].removeItem(forget); } catch { /* Nothing was kept. */ }
