using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using Perfolizer.Horology;

namespace Tributary.Bitcoin.Benchmarks;

/// <summary>Many short iterations: a machine that does other work leaves some of them undisturbed, and the figures are of those.</summary>
internal abstract class BriefConfig : ManualConfig
{
    protected BriefConfig(params IColumn[] columns)
    {
        AddJob(Job.Default.WithWarmupCount(5).WithIterationCount(40).WithIterationTime(TimeInterval.FromMilliseconds(100)));
        AddColumn(columns);
    }
}
