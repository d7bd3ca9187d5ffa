using Tributary.Storage.Relational;

namespace Tributary.Server.Greenfield.Access;

/// <summary>The tables of keys and of who has which store. A step that was released is never changed.</summary>
internal static class GreenfieldTables
{
    /// <summary>The module's name among the migrations; its tables stand on those of the payment core.</summary>
    public const string Module = "greenfield";

    public static IReadOnlyList<Migration> Migrations { get; } =
    [
        new(1, "keys and stores of users", """
            CREATE TABLE greenfield_keys (
              id TEXT NOT NULL PRIMARY KEY,
              secret_sha256 TEXT NOT NULL UNIQUE,
              user_id TEXT NOT NULL,
              label TEXT,
              application TEXT,
              permissions TEXT NOT NULL,
              created_at BIGINT NOT NULL,
              revoked_at BIGINT)
            ;
            CREATE INDEX greenfield_keys_by_user ON greenfield_keys (user_id, created_at, id)
            ;
            CREATE TABLE store_users (
              store_id TEXT NOT NULL REFERENCES stores (id),
              user_id TEXT NOT NULL,
              role TEXT NOT NULL,
              created_at BIGINT NOT NULL,
              PRIMARY KEY (store_id, user_id))
            ;
            CREATE INDEX store_users_by_user ON store_users (user_id, store_id)
            """),
        new(2, "what users call themselves; the texts of the node's own invoices", """
            CREATE TABLE greenfield_profiles (
              user_id TEXT NOT NULL PRIMARY KEY,
              name TEXT,
              image_url TEXT)
            ;
            CREATE TABLE greenfield_node_invoices (
              payment_hash TEXT NOT NULL PRIMARY KEY,
              invoice TEXT NOT NULL)
            """),
    ];
}
