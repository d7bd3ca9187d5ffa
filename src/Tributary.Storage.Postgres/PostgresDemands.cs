using System.Net.Sockets;
using Npgsql;
using Tributary.Storage.Relational;

namespace Tributary.Storage.Postgres;

/// <summary>What a PostgreSQL must be to hold money, and what to do where it is not.</summary>
internal static class PostgresDemands
{
    /// <exception cref="DatabaseLostException">A setting is not safe.</exception>
    public static async Task CheckAsync(NpgsqlDataSource source, CancellationToken cancellationToken)
    {
        await DemandAsync(source, "fsync", ["on"], cancellationToken);
        await DemandAsync(source, "full_page_writes", ["on"], cancellationToken);
        await DemandAsync(source, "synchronous_commit", ["on", "remote_apply"], cancellationToken);
        var encoding = await TextAsync(source, "SELECT current_setting('server_encoding')", cancellationToken);
        var order = await TextAsync(source, "SELECT datcollate FROM pg_database WHERE datname = current_database()", cancellationToken);
        if (encoding is not "UTF8")
            throw new DatabaseLostException($"The database stores text as {encoding}, which lacks letters that shoppers use. Make it with: {CreateCommand("NAME")}");

        // The order of a language changes with the C library, and indexes of text built before such an upgrade are then silently wrong.
        if (order is not ("C" or "POSIX") && order?.StartsWith("C.", StringComparison.Ordinal) != true)
            throw new DatabaseLostException($"The database sorts text by '{order}', and an upgrade of the operating system would silently break its indexes. Make it with: {CreateCommand("NAME")}");
    }

    /// <summary>Why the server could not be reached, in one line that holds no password.</summary>
    public static DatabaseLostException Explain(NpgsqlConnectionStringBuilder settings, Exception exception)
    {
        var place = $"PostgreSQL at {settings.Host}:{settings.Port}";
        var reason = exception switch
        {
            PostgresException { SqlState: PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification } =>
                $"{place} does not take the password of '{settings.Username}': set {PostgresAddress.PasswordVariable} in the environment, or write a ~/.pgpass.",
            PostgresException { SqlState: PostgresErrorCodes.InvalidCatalogName } =>
                $"{place} has no database '{settings.Database}': make it with {CreateCommand(settings.Database)}",
            PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege } refused => $"{place} refuses: {refused.MessageText}. The server's user must own the database.",
            PostgresException other => $"{place} refuses: {other.MessageText} ({other.SqlState}).",
            { InnerException: SocketException or IOException or TimeoutException } => $"{place} does not answer ({exception.InnerException.Message}): is it running, and does it listen there?",
            _ => exception.Message.Contains("password", StringComparison.OrdinalIgnoreCase)
                ? $"{place} asks for a password: set {PostgresAddress.PasswordVariable} in the environment, or write a ~/.pgpass."
                : $"{place}: {exception.Message}",
        };
        return new DatabaseLostException(reason, exception);
    }

    private static string CreateCommand(string? name) => $"createdb --template=template0 --encoding=UTF8 --locale=C {name}";

    private static async Task DemandAsync(NpgsqlDataSource source, string setting, string[] wanted, CancellationToken cancellationToken)
    {
        var value = await TextAsync(source, $"SELECT current_setting('{setting}')", cancellationToken);
        if (!wanted.Contains(value, StringComparer.Ordinal))
            throw new DatabaseLostException($"PostgreSQL runs with {setting} = {value}: a payment that was acknowledged could be lost. Set it to {wanted[0]} and start again.");
    }

#pragma warning disable CA2100 // The texts are constants of the program.
    private static async Task<string?> TextAsync(NpgsqlDataSource source, string sql, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand(sql);
        return (string?)await command.ExecuteScalarAsync(cancellationToken);
    }
#pragma warning restore CA2100
}
