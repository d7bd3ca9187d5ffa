using Tributary.Storage.Relational;

namespace Tributary.Payments.Storage;

/// <summary>The tables of the payment core. A step that was released is never changed.</summary>
public static class PaymentTables
{
    /// <summary>The module's name among the migrations.</summary>
    public const string Module = "payments";

    public static IReadOnlyList<Migration> Migrations { get; } =
    [
        new(1, "intents, ledger, outbox, commands, idempotency", """
            CREATE TABLE intents (
              id TEXT NOT NULL PRIMARY KEY,
              store_id TEXT NOT NULL,
              is_live BIGINT NOT NULL,
              status TEXT NOT NULL,
              customer_id TEXT,
              created_us BIGINT NOT NULL,
              wake_at BIGINT,
              version BIGINT NOT NULL,
              document TEXT NOT NULL)
            ;
            CREATE INDEX intents_by_store ON intents (store_id, is_live, created_us, id)
            ;
            CREATE INDEX intents_by_customer ON intents (customer_id, created_us, id)
            ;
            CREATE INDEX intents_by_wake ON intents (wake_at)
            ;
            CREATE TABLE intent_metadata (
              intent_id TEXT NOT NULL REFERENCES intents (id),
              name TEXT NOT NULL,
              value TEXT NOT NULL,
              PRIMARY KEY (intent_id, name))
            ;
            CREATE INDEX intent_metadata_by_value ON intent_metadata (name, value)
            ;
            CREATE TABLE attempts (
              id TEXT NOT NULL PRIMARY KEY,
              intent_id TEXT NOT NULL REFERENCES intents (id),
              rail TEXT NOT NULL,
              reference TEXT NOT NULL,
              UNIQUE (rail, reference))
            ;
            CREATE TABLE ledger_transactions (
              id TEXT NOT NULL PRIMARY KEY,
              store_id TEXT NOT NULL,
              is_live BIGINT NOT NULL,
              reason TEXT NOT NULL,
              reference TEXT NOT NULL,
              at BIGINT NOT NULL)
            ;
            CREATE INDEX ledger_transactions_by_reference ON ledger_transactions (reference)
            ;
            CREATE TABLE ledger_postings (
              transaction_id TEXT NOT NULL REFERENCES ledger_transactions (id),
              line BIGINT NOT NULL,
              store_id TEXT NOT NULL,
              is_live BIGINT NOT NULL,
              account TEXT NOT NULL,
              asset TEXT NOT NULL,
              amount BIGINT NOT NULL CHECK (amount <> 0),
              PRIMARY KEY (transaction_id, line))
            ;
            CREATE INDEX ledger_postings_by_account ON ledger_postings (store_id, is_live, account, asset, amount)
            ;
            CREATE TABLE outbox (
              id TEXT NOT NULL PRIMARY KEY,
              store_id TEXT NOT NULL,
              is_live BIGINT NOT NULL,
              kind TEXT NOT NULL,
              object_id TEXT NOT NULL,
              object_version BIGINT NOT NULL,
              ordinal BIGINT NOT NULL,
              created_at BIGINT NOT NULL,
              position BIGINT UNIQUE,
              document TEXT NOT NULL)
            ;
            CREATE INDEX outbox_by_object ON outbox (object_id, object_version)
            ;
            CREATE TABLE rail_commands (
              id TEXT NOT NULL PRIMARY KEY,
              intent_id TEXT NOT NULL REFERENCES intents (id),
              attempt_id TEXT NOT NULL REFERENCES attempts (id),
              rail TEXT NOT NULL,
              kind TEXT NOT NULL,
              amount BIGINT NOT NULL,
              tries BIGINT NOT NULL,
              due_at BIGINT)
            ;
            CREATE INDEX rail_commands_by_due ON rail_commands (due_at)
            ;
            CREATE TABLE rail_cursors (
              rail TEXT NOT NULL PRIMARY KEY,
              position BIGINT NOT NULL)
            ;
            CREATE TABLE idempotency (
              scope TEXT NOT NULL,
              name TEXT NOT NULL,
              fingerprint TEXT NOT NULL,
              created_at BIGINT NOT NULL,
              object_id TEXT,
              answer TEXT,
              PRIMARY KEY (scope, name))
            """),
        new(2, "stores and keys", """
            CREATE TABLE stores (
              id TEXT NOT NULL PRIMARY KEY,
              name TEXT NOT NULL,
              created_at BIGINT NOT NULL)
            ;
            CREATE TABLE api_keys (
              id TEXT NOT NULL PRIMARY KEY,
              store_id TEXT NOT NULL REFERENCES stores (id),
              is_live BIGINT NOT NULL,
              secret_sha256 TEXT NOT NULL UNIQUE,
              created_at BIGINT NOT NULL,
              revoked_at BIGINT)
            """),
        new(3, "webhooks", """
            CREATE TABLE webhook_endpoints (
              id TEXT NOT NULL PRIMARY KEY,
              store_id TEXT NOT NULL,
              is_live BIGINT NOT NULL,
              url TEXT NOT NULL,
              kinds TEXT NOT NULL,
              description TEXT,
              created_at BIGINT NOT NULL,
              secret {bytes} NOT NULL,
              position BIGINT NOT NULL,
              deleted_at BIGINT)
            ;
            CREATE TABLE webhook_deliveries (
              id TEXT NOT NULL PRIMARY KEY,
              endpoint_id TEXT NOT NULL REFERENCES webhook_endpoints (id),
              event_id TEXT NOT NULL REFERENCES outbox (id),
              tries BIGINT NOT NULL,
              due_at BIGINT,
              done_at BIGINT,
              outcome TEXT,
              UNIQUE (endpoint_id, event_id))
            ;
            CREATE INDEX webhook_deliveries_by_due ON webhook_deliveries (due_at)
            """),
        new(4, "each object's events counted without gaps", """
            ALTER TABLE outbox ADD COLUMN sequence BIGINT
            ;
            UPDATE outbox SET sequence = (SELECT COUNT(*) FROM outbox o WHERE o.object_id = outbox.object_id AND o.position <= outbox.position) WHERE position IS NOT NULL
            ;
            CREATE INDEX outbox_by_sequence ON outbox (object_id, sequence)
            ;
            CREATE INDEX outbox_unnumbered ON outbox (created_at) WHERE position IS NULL
            """),
        new(5, "documents packed, balances counted, an index for each question", """
            ALTER TABLE intents ADD COLUMN packed {bytes}
            ;
            ALTER TABLE outbox ADD COLUMN packed {bytes}
            ;
            ALTER TABLE outbox ADD COLUMN told_with TEXT
            ;
            DROP INDEX outbox_by_object
            ;
            CREATE INDEX outbox_by_store ON outbox (store_id, is_live, position) WHERE position IS NOT NULL
            ;
            CREATE INDEX outbox_by_kind ON outbox (store_id, is_live, kind, position) WHERE position IS NOT NULL
            ;
            DROP INDEX intents_by_customer
            ;
            CREATE INDEX intents_by_customer ON intents (store_id, is_live, customer_id, created_us, id) WHERE customer_id IS NOT NULL
            ;
            DROP INDEX intents_by_wake
            ;
            CREATE INDEX intents_by_wake ON intents (wake_at) WHERE wake_at IS NOT NULL
            ;
            CREATE INDEX intents_by_status ON intents (store_id, is_live, status, created_us, id)
            ;
            CREATE INDEX intents_open ON intents (id) WHERE status NOT IN ('succeeded', 'canceled')
            ;
            CREATE INDEX attempts_by_intent ON attempts (intent_id)
            ;
            CREATE INDEX idempotency_by_time ON idempotency (created_at)
            ;
            CREATE INDEX idempotency_running ON idempotency (scope) WHERE answer IS NULL
            ;
            ALTER TABLE intent_metadata RENAME TO intent_metadata_before
            ;
            CREATE TABLE intent_metadata (
              intent_id TEXT NOT NULL REFERENCES intents (id),
              name TEXT NOT NULL,
              value TEXT NOT NULL,
              PRIMARY KEY (intent_id, name)) {clustered}
            ;
            INSERT INTO intent_metadata (intent_id, name, value) SELECT intent_id, name, value FROM intent_metadata_before
            ;
            DROP TABLE intent_metadata_before
            ;
            CREATE INDEX intent_metadata_by_value ON intent_metadata (value, name)
            ;
            CREATE TABLE ledger_balances (
              store_id TEXT NOT NULL,
              is_live BIGINT NOT NULL,
              account TEXT NOT NULL,
              asset TEXT NOT NULL,
              amount BIGINT NOT NULL,
              PRIMARY KEY (store_id, is_live, account, asset)) {clustered}
            ;
            INSERT INTO ledger_balances (store_id, is_live, account, asset, amount)
            SELECT store_id, is_live, account, asset, CAST(SUM(amount) AS BIGINT) FROM ledger_postings GROUP BY store_id, is_live, account, asset
            ;
            CREATE TABLE ledger_uncounted (transaction_id TEXT NOT NULL PRIMARY KEY) {clustered}
            ;
            ALTER TABLE ledger_postings RENAME TO ledger_postings_before
            ;
            CREATE TABLE ledger_postings (
              transaction_id TEXT NOT NULL REFERENCES ledger_transactions (id),
              line BIGINT NOT NULL,
              account TEXT NOT NULL,
              asset TEXT NOT NULL,
              amount BIGINT NOT NULL CHECK (amount <> 0),
              PRIMARY KEY (transaction_id, line)) {clustered}
            ;
            INSERT INTO ledger_postings (transaction_id, line, account, asset, amount)
            SELECT transaction_id, line, account, asset, amount FROM ledger_postings_before
            ;
            DROP TABLE ledger_postings_before
            ;
            CREATE INDEX ledger_transactions_by_store ON ledger_transactions (store_id, is_live, id)
            ;
            CREATE VIEW ledger_sums AS
            SELECT store_id, is_live, account, asset, amount FROM ledger_balances
            UNION ALL
            SELECT t.store_id, t.is_live, p.account, p.asset, p.amount FROM ledger_uncounted u CROSS JOIN ledger_transactions t CROSS JOIN ledger_postings p
            WHERE t.id = u.transaction_id AND p.transaction_id = u.transaction_id
            ;
            ALTER TABLE webhook_deliveries ADD COLUMN event_position BIGINT
            ;
            UPDATE webhook_deliveries SET event_position = (SELECT o.position FROM outbox o WHERE o.id = webhook_deliveries.event_id)
            ;
            CREATE INDEX webhook_deliveries_by_endpoint ON webhook_deliveries (endpoint_id, event_position)
            ;
            CREATE INDEX webhook_deliveries_by_event ON webhook_deliveries (event_id)
            ;
            DROP INDEX webhook_deliveries_by_due
            ;
            CREATE INDEX webhook_deliveries_by_due ON webhook_deliveries (due_at) WHERE due_at IS NOT NULL
            ;
            CREATE INDEX webhook_deliveries_given_up ON webhook_deliveries (endpoint_id, event_position) WHERE due_at IS NULL AND done_at IS NULL
            """),
        new(6, "pages of intents without their names: two of one microsecond are put in order as they are read", """
            DROP INDEX intents_by_store
            ;
            CREATE INDEX intents_by_store ON intents (store_id, is_live, created_us)
            ;
            DROP INDEX intents_by_customer
            ;
            CREATE INDEX intents_by_customer ON intents (store_id, is_live, customer_id, created_us) WHERE customer_id IS NOT NULL
            ;
            DROP INDEX intents_by_status
            ;
            CREATE INDEX intents_by_status ON intents (store_id, is_live, status, created_us)
            """),
        new(7, "amounts and the words of descriptions, to be found by", """
            ALTER TABLE intents ADD COLUMN currency TEXT
            ;
            ALTER TABLE intents ADD COLUMN amount BIGINT
            ;
            CREATE INDEX intents_by_amount ON intents (store_id, is_live, currency, amount)
            ;
            CREATE INDEX intents_unsearched ON intents (id) WHERE currency IS NULL
            ;
            CREATE TABLE intent_words (
              store_id TEXT NOT NULL,
              is_live BIGINT NOT NULL,
              word TEXT NOT NULL,
              intent_id TEXT NOT NULL REFERENCES intents (id),
              PRIMARY KEY (store_id, is_live, word, intent_id)) {clustered}
            ;
            CREATE INDEX intent_words_by_intent ON intent_words (intent_id, word)
            """),
        new(8, "verdicts of the risk gate, by day", """
            CREATE TABLE judged_attempts (
              day BIGINT NOT NULL,
              store_id TEXT NOT NULL,
              is_live BIGINT NOT NULL,
              verdict TEXT NOT NULL,
              attempt_id TEXT NOT NULL,
              PRIMARY KEY (day, store_id, is_live, verdict, attempt_id)) {clustered}
            """),
    ];
}
