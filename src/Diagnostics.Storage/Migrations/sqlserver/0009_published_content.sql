-- What a published version says never changes, nor who moved an item from one status to the next.
CREATE TRIGGER frameworks_keep_update ON frameworks AFTER UPDATE AS THROW 51000, N'frameworks never change', 1;
GO
CREATE TRIGGER frameworks_keep_delete ON frameworks AFTER DELETE AS THROW 51000, N'frameworks never change', 1;
GO
CREATE TRIGGER item_facet_items_keep_update ON item_facet_items AFTER UPDATE AS THROW 51000, N'item_facet_items never change', 1;
GO
CREATE TRIGGER item_facet_items_keep_delete ON item_facet_items AFTER DELETE AS THROW 51000, N'item_facet_items never change', 1;
GO
CREATE TRIGGER item_transitions_keep_update ON item_transitions AFTER UPDATE AS THROW 51000, N'item_transitions is append-only', 1;
GO
CREATE TRIGGER item_transitions_keep_delete ON item_transitions AFTER DELETE AS THROW 51000, N'item_transitions is append-only', 1;
GO
CREATE TRIGGER blueprints_keep_update ON blueprints AFTER UPDATE AS THROW 51000, N'blueprints never change', 1;
GO
CREATE TRIGGER blueprints_keep_delete ON blueprints AFTER DELETE AS THROW 51000, N'blueprints never change', 1;
GO
CREATE TRIGGER form_slots_keep_update ON form_slots AFTER UPDATE AS THROW 51000, N'form_slots never change', 1;
GO
CREATE TRIGGER form_slots_keep_delete ON form_slots AFTER DELETE AS THROW 51000, N'form_slots never change', 1;
