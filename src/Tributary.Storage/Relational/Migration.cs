namespace Tributary.Storage.Relational;

/// <summary>
/// A step from one shape of the tables to the next. Steps only go forward and never change once released: their text is remembered by its hash.
/// </summary>
/// <param name="Version">Counts from one, without gaps within its module.</param>
/// <param name="Name">What the step brings, in a few words.</param>
/// <param name="Sql">
/// Statements separated by a line that holds only <c>;</c>. The type <c>{bytes}</c> stands for BLOB or BYTEA, and
/// <c>{clustered}</c> behind a table whose rows SQLite is to keep in the order of their key, without a second copy of it; everything else is the SQL that both
/// databases take, with TEXT and BIGINT columns.
/// </param>
public sealed record Migration(int Version, string Name, string Sql);
