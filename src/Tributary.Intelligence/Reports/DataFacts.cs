namespace Tributary.Intelligence.Reports;

/// <summary>What a run read.</summary>
/// <param name="File">The file's name, without its folder.</param>
/// <param name="Sha256">Of the file's bytes, in hexadecimal digits.</param>
/// <param name="Bytes">The file's length.</param>
/// <param name="Payments">Payments.</param>
/// <param name="Frauds">Of them known to be fraud.</param>
/// <param name="From">The time of the first one.</param>
/// <param name="To">The time of the last one.</param>
public sealed record DataFacts(string File, string Sha256, long Bytes, int Payments, int Frauds, DateTimeOffset From, DateTimeOffset To);
