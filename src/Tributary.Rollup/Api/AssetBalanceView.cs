namespace Tributary.Rollup.Api;

/// <summary>What an account has of an asset; the amount is a decimal number of up to 39 digits.</summary>
public sealed record AssetBalanceView(uint Asset, string Amount);
