-- What a published version says never changes, nor who moved an item from one status to the next.
CREATE TRIGGER frameworks_keep_update BEFORE UPDATE ON frameworks BEGIN SELECT RAISE(ABORT, 'frameworks never change'); END;
CREATE TRIGGER frameworks_keep_delete BEFORE DELETE ON frameworks BEGIN SELECT RAISE(ABORT, 'frameworks never change'); END;
CREATE TRIGGER item_facet_items_keep_update BEFORE UPDATE ON item_facet_items BEGIN SELECT RAISE(ABORT, 'item_facet_items never change'); END;
CREATE TRIGGER item_facet_items_keep_delete BEFORE DELETE ON item_facet_items BEGIN SELECT RAISE(ABORT, 'item_facet_items never change'); END;
CREATE TRIGGER item_transitions_keep_update BEFORE UPDATE ON item_transitions BEGIN SELECT RAISE(ABORT, 'item_transitions is append-only'); END;
CREATE TRIGGER item_transitions_keep_delete BEFORE DELETE ON item_transitions BEGIN SELECT RAISE(ABORT, 'item_transitions is append-only'); END;
CREATE TRIGGER blueprints_keep_update BEFORE UPDATE ON blueprints BEGIN SELECT RAISE(ABORT, 'blueprints never change'); END;
CREATE TRIGGER blueprints_keep_delete BEFORE DELETE ON blueprints BEGIN SELECT RAISE(ABORT, 'blueprints never change'); END;
CREATE TRIGGER form_slots_keep_update BEFORE UPDATE ON form_slots BEGIN SELECT RAISE(ABORT, 'form_slots never change'); END;
CREATE TRIGGER form_slots_keep_delete BEFORE DELETE ON form_slots BEGIN SELECT RAISE(ABORT, 'form_slots never change'); END;
