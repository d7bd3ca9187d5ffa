namespace Tributary.Server.Data;

/// <summary>Which database the server works on.</summary>
/// <param name="Kind">"sqlite" or "postgres".</param>
/// <param name="Place">The file, or host, port and name; never a password.</param>
public sealed record DatabaseInfo(string Kind, string Place)
{
    internal const string Sqlite = "sqlite";
    internal const string Postgres = "postgres";
}
