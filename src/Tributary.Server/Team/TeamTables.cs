using Tributary.Storage.Relational;

namespace Tributary.Server.Team;

/// <summary>The tables of those who can sign in. A step that was released is never changed.</summary>
internal static class TeamTables
{
    /// <summary>The module's name among the migrations.</summary>
    public const string Module = "team";

    public static IReadOnlyList<Migration> Migrations { get; } =
    [
        new(1, "members, passkeys, sessions, invitations", """
            CREATE TABLE members (
              id TEXT NOT NULL PRIMARY KEY,
              store_id TEXT NOT NULL REFERENCES stores (id),
              email TEXT NOT NULL,
              normalized_email TEXT NOT NULL UNIQUE,
              role TEXT NOT NULL,
              password_hash TEXT,
              security_stamp TEXT NOT NULL,
              two_factor BIGINT NOT NULL,
              authenticator_key {bytes},
              recovery_codes {bytes},
              failed_sign_ins BIGINT NOT NULL,
              locked_until BIGINT,
              created_at BIGINT NOT NULL,
              version BIGINT NOT NULL)
            ;
            CREATE TABLE passkeys (
              credential_id TEXT NOT NULL PRIMARY KEY,
              member_id TEXT NOT NULL REFERENCES members (id),
              name TEXT,
              created_at BIGINT NOT NULL,
              sign_count BIGINT NOT NULL,
              transports TEXT NOT NULL,
              is_user_verified BIGINT NOT NULL,
              is_backup_eligible BIGINT NOT NULL,
              is_backed_up BIGINT NOT NULL,
              public_key {bytes} NOT NULL,
              attestation {bytes} NOT NULL,
              client_data {bytes} NOT NULL)
            ;
            CREATE INDEX passkeys_by_member ON passkeys (member_id)
            ;
            CREATE TABLE member_sessions (
              key_sha256 TEXT NOT NULL PRIMARY KEY,
              id TEXT NOT NULL UNIQUE,
              member_id TEXT NOT NULL REFERENCES members (id),
              created_at BIGINT NOT NULL,
              renewed_at BIGINT NOT NULL,
              expires_at BIGINT NOT NULL,
              agent TEXT NOT NULL,
              ticket {bytes} NOT NULL)
            ;
            CREATE INDEX member_sessions_by_member ON member_sessions (member_id)
            ;
            CREATE TABLE invitations (
              token_sha256 TEXT NOT NULL PRIMARY KEY,
              store_id TEXT NOT NULL,
              email TEXT,
              role TEXT NOT NULL,
              invited_by TEXT,
              created_at BIGINT NOT NULL,
              expires_at BIGINT NOT NULL,
              used_at BIGINT)
            """),
        new(2, "codes that were used, ways back in", """
            ALTER TABLE members ADD COLUMN totp_step BIGINT
            ;
            CREATE TABLE password_resets (
              token_sha256 TEXT NOT NULL PRIMARY KEY,
              member_id TEXT NOT NULL REFERENCES members (id),
              created_at BIGINT NOT NULL,
              expires_at BIGINT NOT NULL,
              used_at BIGINT)
            ;
            CREATE INDEX password_resets_by_member ON password_resets (member_id)
            """),
    ];
}
