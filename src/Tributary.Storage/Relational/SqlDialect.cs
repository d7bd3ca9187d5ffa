namespace Tributary.Storage.Relational;

/// <summary>Which database speaks: one SQL text serves both wherever it can.</summary>
public enum SqlDialect
{
    Sqlite,
    Postgres,
}
