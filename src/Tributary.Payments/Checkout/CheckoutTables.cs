using Tributary.Storage.Relational;

namespace Tributary.Payments.Checkout;

/// <summary>The tables of checkout sessions and payment links. A step that was released is never changed.</summary>
public static class CheckoutTables
{
    /// <summary>The module's name among the migrations; its tables stand on those of the payment core.</summary>
    public const string Module = "checkout";

    public static IReadOnlyList<Migration> Migrations { get; } =
    [
        new(1, "sessions and links", """
            CREATE TABLE payment_links (
              id TEXT NOT NULL PRIMARY KEY,
              store_id TEXT NOT NULL,
              is_live BIGINT NOT NULL,
              is_active BIGINT NOT NULL,
              created_us BIGINT NOT NULL,
              document TEXT NOT NULL)
            ;
            CREATE INDEX payment_links_by_store ON payment_links (store_id, is_live, created_us, id)
            ;
            CREATE TABLE checkout_sessions (
              id TEXT NOT NULL PRIMARY KEY,
              store_id TEXT NOT NULL,
              is_live BIGINT NOT NULL,
              intent_id TEXT NOT NULL UNIQUE REFERENCES intents (id),
              link_id TEXT REFERENCES payment_links (id),
              created_us BIGINT NOT NULL,
              completed_at BIGINT,
              paid_at BIGINT,
              expired_at BIGINT,
              version BIGINT NOT NULL,
              document TEXT NOT NULL)
            ;
            CREATE INDEX checkout_sessions_by_store ON checkout_sessions (store_id, is_live, created_us, id)
            ;
            CREATE INDEX checkout_sessions_by_link ON checkout_sessions (link_id, created_us, id)
            ;
            CREATE TABLE checkout_cursor (
              name TEXT NOT NULL PRIMARY KEY,
              position BIGINT NOT NULL)
            """),
    ];
}
