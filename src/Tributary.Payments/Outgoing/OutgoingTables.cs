using Tributary.Storage.Relational;

namespace Tributary.Payments.Outgoing;

/// <summary>The tables of outgoing money. A step that was released is never changed.</summary>
public static class OutgoingTables
{
    /// <summary>The module's name among the migrations.</summary>
    public const string Module = "outgoing";

    public static IReadOnlyList<Migration> Migrations { get; } =
    [
        new(1, "transfers and refunds", """
            CREATE TABLE outgoing_transfers (
              id TEXT NOT NULL PRIMARY KEY,
              kind TEXT NOT NULL,
              subject_id TEXT NOT NULL,
              intent_id TEXT,
              rail TEXT NOT NULL,
              destination TEXT NOT NULL,
              reference TEXT,
              amount BIGINT NOT NULL CHECK (amount > 0),
              fee_max BIGINT NOT NULL CHECK (fee_max >= 0),
              origin_attempt_id TEXT,
              created_at BIGINT NOT NULL,
              tries BIGINT NOT NULL,
              is_with_rail BIGINT NOT NULL,
              due_at BIGINT,
              outcome TEXT,
              UNIQUE (rail, reference))
            ;
            CREATE INDEX outgoing_transfers_by_due ON outgoing_transfers (due_at)
            ;
            CREATE INDEX outgoing_transfers_by_subject ON outgoing_transfers (subject_id)
            ;
            CREATE TABLE outgoing_cursors (
              name TEXT NOT NULL PRIMARY KEY,
              position BIGINT NOT NULL)
            ;
            CREATE TABLE refunds (
              id TEXT NOT NULL PRIMARY KEY,
              intent_id TEXT NOT NULL REFERENCES intents (id),
              store_id TEXT NOT NULL,
              is_live BIGINT NOT NULL,
              status TEXT NOT NULL,
              created_us BIGINT NOT NULL,
              claim_token TEXT UNIQUE,
              wake_at BIGINT)
            ;
            CREATE INDEX refunds_by_store ON refunds (store_id, is_live, created_us, id)
            ;
            CREATE INDEX refunds_by_intent ON refunds (intent_id, created_us, id)
            ;
            CREATE INDEX refunds_by_wake ON refunds (wake_at)
            """),
        new(2, "policies and destinations", """
            CREATE TABLE outgoing_policies (
              store_id TEXT NOT NULL,
              is_live BIGINT NOT NULL,
              document TEXT NOT NULL,
              PRIMARY KEY (store_id, is_live))
            ;
            CREATE TABLE payout_destinations (
              store_id TEXT NOT NULL,
              is_live BIGINT NOT NULL,
              destination TEXT NOT NULL,
              known_since BIGINT NOT NULL,
              PRIMARY KEY (store_id, is_live, destination))
            """),
    ];
}
