using System;
using System.Collections.Generic;
using System.IO;
using System.Text;
using OsMigrate.FirstBoot.Plan;

namespace OsMigrate.FirstBoot;

/// <summary>Works through the plan: every step as often as it may be tried, at most three starts of the system, one restart at most, and then it is over.</summary>
public sealed class FirstBootRun
{
    public const string ServiceName = "OsMigrateFirstBoot";
    public const int MaxBoots = 3;
    private const int ToolSeconds = 60;

    private readonly StepContext _context;

    public FirstBootRun(StepContext context) => _context = context;

    /// <returns>False when it was interrupted and shall go on at the next start of the system.</returns>
    public bool Run()
    {
        ReadPlan plan;
        StateFile state;
        try
        {
            plan = PlanReader.Read(Path.Combine(_context.Folder, "plan.txt"));
            state = StateFile.Open(Path.Combine(_context.Folder, "state.txt"), plan.Id);
            if (state.IsFinished)
            {
                RemoveService();
                return true;
            }

            state.NoteBoot();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Without a record of what was begun nothing may be begun: it could be begun for ever.
            _context.Log.Write("Nothing is done: plan or state cannot be used. " + e.Message);
            RemoveService();
            return true;
        }

        return Run(plan, state);
    }

    private bool Run(ReadPlan plan, StateFile state)
    {
        _context.Log.Write("Start " + Texts.Number(state.Boots) + " of at most " + Texts.Number(MaxBoots) + ", " + Texts.Number(plan.Steps.Count) + " steps");
        foreach (var complaint in plan.Complaints)
            _context.Log.Write("plan.txt: " + complaint);
        Protect();
        for (var i = 0; state.Boots <= MaxBoots && i < plan.Steps.Count; i++)
        {
            try
            {
                if (!RunStep(plan.Steps[i], i, state))
                {
                    _context.Log.Write("Interrupted: goes on at the next start of the system.");
                    return false;
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                _context.Log.Write("Given up: the state cannot be written any more. " + e.Message);
                break;
            }
        }

        Conclude(plan, state);
        return true;
    }

    /// <returns>False when the system shuts down.</returns>
    private bool RunStep(IStep step, int number, StateFile state)
    {
        while (!state.IsSettled(number) && state.Attempts(number) < step.MaxAttempts)
        {
            if (state.Attempts(number) > 0)
                _context.Clock.Wait(step.PauseSeconds);
            if (_context.Clock.IsStopping)
                return false;
            state.NoteStart(number);
            _context.Log.Write(step.Title + ": attempt " + Texts.Number(state.Attempts(number)) + " of " + Texts.Number(step.MaxAttempts));
            var outcome = Try(step);
            _context.Log.Write(step.Title + ": " + outcome);
            // What fails while the system shuts down fails for that reason.
            if (_context.Clock.IsStopping && !outcome.Succeeded)
                return false;
            state.NoteEnd(number, outcome);
        }

        return true;
    }

    private StepOutcome Try(IStep step)
    {
        try
        {
            return step.Run(_context);
        }
        catch (Exception e)
        {
            // Whatever one step does, the others get their turn.
            return StepOutcome.Failed(e.GetType().Name + ": " + e.Message);
        }
    }

    /// <summary>Scripts and logs may hold what is not for everybody, and what is here is run as the system: only the system and administrators may come in.</summary>
    private void Protect()
        => _context.RunTool("icacls.exe", Texts.Quoted(_context.Folder.TrimEnd('\\')) + " /inheritance:r /grant:r *S-1-5-18:(OI)(CI)F *S-1-5-32-544:(OI)(CI)F", ToolSeconds);

    private void Conclude(ReadPlan plan, StateFile state)
    {
        try
        {
            // First: whatever happens from here on, nothing is begun again.
            state.NoteFinished();
            File.WriteAllText(Path.Combine(_context.Folder, "result.txt"), ResultText(plan.Steps, state), Encoding.UTF8);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _context.Log.Write("The result cannot be written. " + e.Message);
        }

        RemoveService();
        if (!state.NeedsReboot)
        {
            _context.Log.Write("Finished; no restart is needed.");
            return;
        }

        _context.Log.Write("Finished; the system is restarted once.");
        _context.RunTool("shutdown.exe", "/r /t 15 /c \"OsMigrate: the last step of moving this machine needs one restart.\"", ToolSeconds);
    }

    private string ResultText(List<IStep> steps, StateFile state)
    {
        var text = new StringBuilder("OsMigrate first boot: finished at " + Texts.Time(_context.Clock.UtcNow) + " in start " + Texts.Number(state.Boots) + "\r\n");
        for (var i = 0; i < steps.Count; i++)
        {
            var end = state.End(i) ?? (state.Attempts(i) > 0 ? "failed: cut off in the middle" : "failed: not begun");
            text.Append(steps[i].Title).Append(": ").Append(end).Append(" (attempts: ").Append(Texts.Number(state.Attempts(i))).Append(")\r\n");
        }

        return text.Append("Details: log.txt and the folder logs.\r\n").ToString();
    }

    /// <summary>Removed while it runs, the service is gone as soon as it has stopped.</summary>
    private void RemoveService()
    {
        if (_context.RunTool("sc.exe", "delete " + ServiceName, ToolSeconds).ExitCode is 0 or 1060)
            return;
        _context.Log.Write("The service could not be removed; it is disabled instead.");
        try
        {
            _context.Registry.DisableService(ServiceName);
        }
        catch (Exception e)
        {
            _context.Log.Write("Nor could it be disabled (" + e.Message + "). It does nothing any more.");
        }
    }
}
