"""Exports of survey software: LimeSurvey and KoboToolbox."""
