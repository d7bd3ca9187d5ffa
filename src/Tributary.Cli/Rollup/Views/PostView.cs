namespace Tributary.Cli.Rollup.Views;

/// <summary>An operation that was posted on Bitcoin.</summary>
/// <param name="Operation">SHA-256 of its encoding.</param>
/// <param name="Txid">The transaction.</param>
/// <param name="What">For a person.</param>
/// <param name="DueBy">The height by which a batch has to take it, if it gets into the next block.</param>
/// <param name="FeeratePerKvb">What it pays, in satoshis per 1,000 virtual bytes.</param>
internal sealed record PostView(string Operation, string Txid, string What, int DueBy, long FeeratePerKvb);
