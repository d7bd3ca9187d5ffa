using System.Globalization;
using Npgsql;
using Tributary.Primitives.Results;

namespace Tributary.Storage.Postgres;

/// <summary>
/// Where a PostgreSQL is, as an operator writes it: <c>postgres://USER@HOST:PORT/DATABASE?sslmode=…</c>. The password is no part of it, because
/// arguments stand in lists of processes: it comes from the environment, or from PostgreSQL's own password file.
/// </summary>
public sealed class PostgresAddress
{
    /// <summary>The variable of the environment that holds the password.</summary>
    public const string PasswordVariable = "TRIBUTARY_DATABASE_PASSWORD";

    private const string DefaultDatabase = "tributary";
    private const int DefaultPort = 5432;

    private PostgresAddress(string connectionString, string display)
    {
        ConnectionString = connectionString;
        _display = display;
    }

    private readonly string _display;

    /// <summary>As Npgsql reads it. It may hold a password, so it goes into no message.</summary>
    public string ConnectionString { get; }

    /// <summary>Reads an address. Without <see cref="PasswordVariable"/> the driver looks where PostgreSQL's own programs look (<c>PGPASSWORD</c>, <c>PGPASSFILE</c>, <c>~/.pgpass</c>).</summary>
    /// <param name="text">The address.</param>
    /// <param name="environment">Gives variables of the environment.</param>
    public static Result<PostgresAddress, Refusal> Parse(string text, Func<string, string?> environment)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("postgres" or "postgresql"))
            return Refuse("is like postgres://user@host:5432/database");
        if (uri.UserInfo.Contains(':', StringComparison.Ordinal))
            return Refuse($"holds a password, and arguments stand in lists of processes: set {PasswordVariable}, or write a ~/.pgpass");
        if (uri.Fragment.Length > 0)
            return Refuse("has a part behind '#', which means nothing here");

        var settings = new NpgsqlConnectionStringBuilder
        {
            Host = uri.Host.Length > 0 ? uri.Host.Trim('[', ']') : "localhost",
            Port = uri.Port > 0 ? uri.Port : DefaultPort,
            Database = Uri.UnescapeDataString(uri.AbsolutePath.Trim('/')) is { Length: > 0 } name ? name : DefaultDatabase,
        };
        if (uri.UserInfo.Length > 0)
            settings.Username = Uri.UnescapeDataString(uri.UserInfo);
        foreach (var pair in uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var cut = pair.IndexOf('=', StringComparison.Ordinal);
            if (cut < 0 || !TrySet(settings, pair[..cut], Uri.UnescapeDataString(pair[(cut + 1)..])))
                return Refuse($"has '{pair}', which is none of host, user, sslmode (disable, prefer, require, verify-ca, verify-full), sslrootcert, sslcert, sslkey, passfile");
        }

        if (environment(PasswordVariable) is { Length: > 0 } password)
            settings.Password = password;
        var display = string.Create(CultureInfo.InvariantCulture, $"{settings.Host}:{settings.Port}/{settings.Database}");
        return new PostgresAddress(settings.ConnectionString, display);
    }

    /// <summary>Host, port and database; never the password.</summary>
    public override string ToString() => _display;

    private static bool TrySet(NpgsqlConnectionStringBuilder settings, string name, string value)
    {
        switch (name)
        {
            case "host":
                settings.Host = value;
                return true;
            case "user":
                settings.Username = value;
                return true;
            case "sslmode":
                if (!Enum.TryParse<SslMode>(value.Replace("-", "", StringComparison.Ordinal), ignoreCase: true, out var mode) || int.TryParse(value, CultureInfo.InvariantCulture, out _))
                    return false;
                settings.SslMode = mode;
                return true;
            case "sslrootcert":
                settings.RootCertificate = value;
                return true;
            case "sslcert":
                settings.SslCertificate = value;
                return true;
            case "sslkey":
                settings.SslKey = value;
                return true;
            case "passfile":
                settings.Passfile = value;
                return true;
            default:
                return false;
        }
    }

    private static Refusal Refuse(string reason) => new("--database", reason);
}
