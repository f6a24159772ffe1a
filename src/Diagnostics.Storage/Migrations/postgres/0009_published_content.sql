-- What a published version says never changes, nor who moved an item from one status to the next.
CREATE TRIGGER frameworks_keep_update BEFORE UPDATE ON frameworks FOR EACH ROW EXECUTE FUNCTION refuse_rewriting('never change');
CREATE TRIGGER frameworks_keep_delete BEFORE DELETE ON frameworks FOR EACH ROW EXECUTE FUNCTION refuse_rewriting('never change');
CREATE TRIGGER frameworks_keep_truncate BEFORE TRUNCATE ON frameworks FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting('never change');
CREATE TRIGGER item_facet_items_keep_update BEFORE UPDATE ON item_facet_items FOR EACH ROW EXECUTE FUNCTION refuse_rewriting('never change');
CREATE TRIGGER item_facet_items_keep_delete BEFORE DELETE ON item_facet_items FOR EACH ROW EXECUTE FUNCTION refuse_rewriting('never change');
CREATE TRIGGER item_facet_items_keep_truncate BEFORE TRUNCATE ON item_facet_items FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting('never change');
CREATE TRIGGER item_transitions_keep_update BEFORE UPDATE ON item_transitions FOR EACH ROW EXECUTE FUNCTION refuse_rewriting('is append-only');
CREATE TRIGGER item_transitions_keep_delete BEFORE DELETE ON item_transitions FOR EACH ROW EXECUTE FUNCTION refuse_rewriting('is append-only');
CREATE TRIGGER item_transitions_keep_truncate BEFORE TRUNCATE ON item_transitions FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting('is append-only');
CREATE TRIGGER blueprints_keep_update BEFORE UPDATE ON blueprints FOR EACH ROW EXECUTE FUNCTION refuse_rewriting('never change');
CREATE TRIGGER blueprints_keep_delete BEFORE DELETE ON blueprints FOR EACH ROW EXECUTE FUNCTION refuse_rewriting('never change');
CREATE TRIGGER blueprints_keep_truncate BEFORE TRUNCATE ON blueprints FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting('never change');
CREATE TRIGGER form_slots_keep_update BEFORE UPDATE ON form_slots FOR EACH ROW EXECUTE FUNCTION refuse_rewriting('never change');
CREATE TRIGGER form_slots_keep_delete BEFORE DELETE ON form_slots FOR EACH ROW EXECUTE FUNCTION refuse_rewriting('never change');
CREATE TRIGGER form_slots_keep_truncate BEFORE TRUNCATE ON form_slots FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting('never change');
