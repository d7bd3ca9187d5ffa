namespace Tributary.Cli.Rollup.Views;

/// <summary>A wallet: its accounts, what it is owed an answer to, what was revoked, and its coins on Bitcoin.</summary>
internal sealed record WalletView(
    string Data,
    string Rollup,
    string Network,
    string Operator,
    IReadOnlyList<WalletAccountView> Accounts,
    IReadOnlyList<WalletOperationView> Operations,
    long? CoinsSat,
    string? Words);
