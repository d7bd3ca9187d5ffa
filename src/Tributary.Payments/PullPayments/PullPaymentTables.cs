using Tributary.Storage.Relational;

namespace Tributary.Payments.PullPayments;

/// <summary>The tables of pull payments and claims. A step that was released is never changed.</summary>
public static class PullPaymentTables
{
    /// <summary>The module's name among the migrations; its tables stand on those of outgoing money.</summary>
    public const string Module = "pull payments";

    public static IReadOnlyList<Migration> Migrations { get; } =
    [
        new(1, "pull payments and claims", """
            CREATE TABLE pull_payments (
              id TEXT NOT NULL PRIMARY KEY,
              store_id TEXT NOT NULL,
              is_live BIGINT NOT NULL,
              is_archived BIGINT NOT NULL,
              intent_id TEXT REFERENCES intents (id),
              refund_id TEXT UNIQUE REFERENCES refunds (id),
              created_us BIGINT NOT NULL,
              version BIGINT NOT NULL,
              document TEXT NOT NULL)
            ;
            CREATE INDEX pull_payments_by_store ON pull_payments (store_id, is_live, created_us, id)
            ;
            CREATE INDEX pull_payments_by_intent ON pull_payments (intent_id)
            ;
            CREATE TABLE payout_claims (
              id TEXT NOT NULL PRIMARY KEY,
              store_id TEXT NOT NULL,
              is_live BIGINT NOT NULL,
              pull_payment_id TEXT REFERENCES pull_payments (id),
              payout_id TEXT UNIQUE REFERENCES payouts (id),
              destination_sha256 TEXT NOT NULL,
              status TEXT NOT NULL,
              created_us BIGINT NOT NULL,
              version BIGINT NOT NULL,
              document TEXT NOT NULL)
            ;
            CREATE INDEX payout_claims_by_store ON payout_claims (store_id, is_live, created_us, id)
            ;
            CREATE INDEX payout_claims_by_pull_payment ON payout_claims (pull_payment_id, created_us, id)
            ;
            CREATE INDEX payout_claims_by_destination ON payout_claims (store_id, destination_sha256)
            """),
    ];
}
