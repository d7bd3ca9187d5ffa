namespace Tributary.Cli.Models;

/// <summary>What was generated.</summary>
/// <param name="File">Where it lies.</param>
/// <param name="Sha256">Of the file's bytes: the same seed and options give the same.</param>
/// <param name="Seed">The seed.</param>
/// <param name="Customers">Customers.</param>
/// <param name="Days">Days.</param>
/// <param name="Payments">Payments.</param>
/// <param name="Frauds">Payments by kind of fraud.</param>
internal sealed record GenerateReport(string File, string Sha256, ulong Seed, int Customers, int Days, int Payments, SortedDictionary<string, int> Frauds);
