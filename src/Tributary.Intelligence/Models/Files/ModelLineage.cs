using System.Collections.Immutable;
using Tributary.Primitives.Bytes;

namespace Tributary.Intelligence.Models.Files;

/// <summary>Where a model comes from. Names of data sets and options, never a row: no personal data enters a model file.</summary>
/// <param name="TrainedAt">Seconds since 1970.</param>
/// <param name="DataName">What the training data are called.</param>
/// <param name="DataHash">Their hash (<see cref="TableHash"/>).</param>
/// <param name="Rows">Training rows.</param>
/// <param name="Positives">Of them positive.</param>
/// <param name="DataFrom">The first row's time, seconds since 1970; 0 when rows have no time.</param>
/// <param name="DataTo">The last row's time, seconds since 1970; 0 when rows have no time.</param>
/// <param name="Parent">The identity of the model that this one follows; zero for the first.</param>
/// <param name="Options">How it was trained: name and value.</param>
/// <param name="Metrics">How good it was on rows that it had not seen: name and value.</param>
public sealed record ModelLineage(
    long TrainedAt,
    string DataName,
    Bytes32 DataHash,
    long Rows,
    long Positives,
    long DataFrom,
    long DataTo,
    Bytes32 Parent,
    ImmutableSortedDictionary<string, string> Options,
    ImmutableSortedDictionary<string, double> Metrics);
