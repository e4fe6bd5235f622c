namespace Groundwork.Platform.Experiments;

/// <summary>Is told how far an experiment is. Called from one thread at a time.</summary>
public interface IExperimentProgress
{
    /// <summary>One step is done.</summary>
    /// <param name="experiment">Which benchmark or drill.</param>
    /// <param name="done">Steps done, from 0.</param>
    /// <param name="total">Steps in all.</param>
    /// <param name="what">What was done, or is being done.</param>
    void Report(string experiment, int done, int total, string what);
}
