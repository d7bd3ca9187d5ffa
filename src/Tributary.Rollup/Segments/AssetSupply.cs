using Tributary.Finance.Amounts;

namespace Tributary.Rollup.Segments;

/// <summary>Units of an asset that exist after a segment that changed how many do.</summary>
public readonly record struct AssetSupply(AssetId Asset, Amount Supply);
