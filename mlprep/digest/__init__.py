"""The e-mail that reminds a learner who asked for it of what there is to do."""
