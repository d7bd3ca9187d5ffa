using Tributary.Storage.Relational;

namespace Tributary.Payments.Rails.Bitcoin.Signing;

/// <summary>The table of transactions that are signed elsewhere. A step that was released is never changed.</summary>
public static class SigningTables
{
    /// <summary>The module's name among the migrations.</summary>
    public const string Module = "signing";

    public static IReadOnlyList<Migration> Migrations { get; } =
    [
        new(1, "transactions that wait for a signature", """
            CREATE TABLE signing_orders (
              transfer_id TEXT NOT NULL PRIMARY KEY,
              psbt TEXT NOT NULL,
              lease_id TEXT NOT NULL,
              fee BIGINT NOT NULL,
              signed {bytes},
              is_open INTEGER NOT NULL,
              created_at BIGINT NOT NULL)
            ;
            CREATE INDEX signing_orders_open ON signing_orders (created_at, transfer_id) WHERE is_open = 1
            """),
    ];
}
