using Tributary.Rollup.Wallets;

namespace Tributary.Cli.Rollup.Views;

/// <summary>A wallet: its accounts, what it is owed an answer to, what was revoked, and its coins on Bitcoin.</summary>
internal sealed record WalletView(
    string Data,
    string Rollup,
    string Network,
    string Operator,
    IReadOnlyList<WalletAccountView> Accounts,
    IReadOnlyList<WalletOperationView> Operations,
    IReadOnlyList<MoneyOnItsWay> Money,
    string? Problem,
    long? CoinsSat,
    string? Words);
